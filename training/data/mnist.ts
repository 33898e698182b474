/** The MNIST database from its four IDX files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { type IdxArray, readIdx } from './idx.ts';

/**
 * Reads 60,000 training and 10,000 test images of 28 x 28 pixels in [0, 1], with their digits as labels.
 * `directory` holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the same two for `t10k`, with or
 * without `.gz`.
 * @throws {InputError} if a file is missing or damaged.
 */
export async function mnist(directory: string): Promise<Dataset> {
  const rows = await readImages(directory, 'train-images-idx3-ubyte');
  const test = await readImages(directory, 't10k-images-idx3-ubyte');
  return {
    source: 'MNIST (IDX files)',
    rowShape: [28, 28],
    featureNames: null,
    rows,
    test,
    labels: {
      classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
      rows: await readLabels(directory, 'train-labels-idx1-ubyte', rows.rowCount),
      test: await readLabels(directory, 't10k-labels-idx1-ubyte', test.rowCount),
    },
  };
}

async function readImages(directory: string, name: string): Promise<Matrix> {
  const { path, shape, data } = await readMnistFile(directory, name);
  const [rowCount, height, columns] = shape;
  if (shape.length !== 3 || height !== 28 || columns !== 28) {
    throw new InputError(`${path}: expected images of shape [rows, 28, 28], received [${shape}]`);
  }
  // `Float32Array.from` would take seconds for this many values.
  const pixels = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) pixels[i] = data[i]! / 255;
  return { data: pixels, rowCount: rowCount!, width: 28 * 28 };
}

async function readLabels(directory: string, name: string, rowCount: number): Promise<Uint8Array> {
  const { path, shape, data } = await readMnistFile(directory, name);
  if (shape.length !== 1 || shape[0] !== rowCount) {
    throw new InputError(`${path}: expected labels of shape [${rowCount}], received [${shape}]`);
  }
  return data;
}

async function readMnistFile(directory: string, name: string): Promise<IdxArray & { readonly path: string }> {
  const path = [join(directory, `${name}.gz`), join(directory, name)].find(existsSync);
  if (path === undefined) {
    throw new InputError(`${directory}: expected the MNIST file ${name} or ${name}.gz, found neither`);
  }
  return { path, ...(await readIdx(path)) };
}
