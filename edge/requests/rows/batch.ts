/** Batches: rows as the inputs of a graph. */
import type { Tensor, Tensors } from '../../../shared/tensor.ts';
import type { RowFaults } from './faults.ts';

/** Inputs `[N, ...]` of a graph, for the same N rows. */
export interface Batch {
  readonly inputs: Tensors;
  readonly rowCount: number;
  /** Rows that cannot be answered. */
  readonly faults: RowFaults;
}

/** Returns the number of rows. */
export function rowCountOf(inputs: Tensors): number {
  return Object.values(inputs)[0]?.shape[0] ?? 0;
}

/** Returns the rows from `start` up to `end`; numbers are not copied. */
export function slice({ inputs, rowCount }: Omit<Batch, 'faults'>, start: number, end: number): Tensors {
  if (start === 0 && end === rowCount) return inputs;
  return mapped(inputs, (tensor) => sliceTensor(tensor, start, end));
}

function sliceTensor(tensor: Tensor, start: number, end: number): Tensor {
  const { data, shape } = tensor;
  const [rowCount, ...rest] = shape;
  const width = data.length / rowCount!;
  const part = typeof data[0] === 'string' ? 'slice' : 'subarray';
  const values = (data as Float32Array)[part as 'subarray'](start * width, end * width);
  return { ...tensor, shape: [end - start, ...rest], data: values } as Tensor;
}

/**
 * Returns a copy with another row in place of each faulty one: graphs run on whole batches, and what they
 * make of these rows is dropped. At least one row must be without fault.
 */
export function withStandIns(inputs: Tensors, rowCount: number, faults: RowFaults): Tensors {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const good = rows.find((row) => !faults.has(row))!;
  return takeRows(
    inputs,
    rows.map((row) => (faults.has(row) ? good : row)),
  );
}

/** Returns the rows without fault. */
export function faultless({ inputs, rowCount, faults }: Batch): Omit<Batch, 'faults'> {
  if (faults.count === 0) return { inputs, rowCount };
  const rows = Array.from({ length: rowCount }, (_, row) => row).filter((row) => !faults.has(row));
  return { inputs: takeRows(inputs, rows), rowCount: rows.length };
}

/** Returns a copy of the first rows without fault, at most `most`. */
export function firstRows({ inputs, rowCount, faults }: Batch, most: number): Omit<Batch, 'faults'> {
  const rows: number[] = [];
  for (let row = 0; row < rowCount && rows.length < most; row++) if (!faults.has(row)) rows.push(row);
  return { inputs: takeRows(inputs, rows), rowCount: rows.length };
}

/** Returns a copy of some rows, at most as many as there are, in the given order. */
function takeRows(inputs: Tensors, rows: readonly number[]): Tensors {
  return mapped(inputs, (tensor) => {
    const [rowCount, ...rest] = tensor.shape;
    const width = tensor.data.length / rowCount!;
    const shape = [rows.length, ...rest];
    if (tensor.dtype === 'string')
      return {
        ...tensor,
        shape,
        data: rows.flatMap((row) => tensor.data.slice(row * width, (row + 1) * width)),
      };
    // TypeScript does not see that both have the same kind of elements.
    const source = tensor.data as Float32Array;
    const data = source.slice(0, rows.length * width);
    for (const [to, row] of rows.entries())
      data.set(source.subarray(row * width, (row + 1) * width), to * width);
    return { ...tensor, shape, data } as Tensor;
  });
}

function mapped(inputs: Tensors, change: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, change(tensor)]));
}
