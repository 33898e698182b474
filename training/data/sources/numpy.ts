import { InputError } from '../../../shared/errors.ts';
import { assertFinite, type Matrix, RowError } from '../../../shared/tensor.ts';
import type { Dataset } from '../dataset.ts';
import { readMaybeGzipped } from '../gzip.ts';
import { type NpyArray, npySize, parseNpy } from '../npy.ts';
import { readNpz } from '../npz.ts';
import type { ArraySource } from './source.ts';

/** One array, whose first axis is the rows. Values are not scaled, not even integers. */
export const npy: ArraySource = {
  kind: 'array',
  summary: 'NumPy arrays (.npy)',
  recognises: (location) => /\.npy$/i.test(location),
  read: async (location) =>
    dataset(
      location,
      parseNpy(await readMaybeGzipped(location, (start) => npySize(start, location)), location),
    ),
};

/** `file.npz#name`, or `file.npz` if it holds one array. */
export const npz: ArraySource = {
  kind: 'array',
  summary: 'arrays in NumPy archives (.npz, or .npz#name)',
  recognises: (location) => /\.npz(#.+)?$/i.test(location),
  read: async (location) => {
    const [path, name] = location.split('#');
    return dataset(location, await readNpz(path!, name));
  },
};

function dataset(source: string, { shape, data }: NpyArray): Dataset {
  const [rowCount, ...rest] = shape;
  if (rowCount === undefined || data.length === 0) {
    throw new InputError(`${source}: expected an array with rows, received shape [${shape}]`);
  }
  const rowShape = rest.length === 0 ? [1] : rest;
  const rows: Matrix = { data: new Float32Array(data), rowCount, width: data.length / rowCount };
  try {
    assertFinite(rows);
  } catch (cause) {
    if (cause instanceof RowError) throw new InputError(`${source}: ${cause.message}`);
    throw cause;
  }
  return { source, rowShape, featureNames: null, rows };
}
