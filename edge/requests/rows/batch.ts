/** Batches: rows as the inputs of a graph. */
import type { Tensor, Tensors } from '../../../shared/tensor.ts';

/** Inputs `[N, ...]` of a graph, for the same N rows. */
export interface Batch {
  readonly inputs: Tensors;
  readonly rowCount: number;
}

/** Returns the number of rows. */
export function rowCountOf(inputs: Tensors): number {
  return Object.values(inputs)[0]?.shape[0] ?? 0;
}

/** Returns the rows from `start` up to `end`; numbers are not copied. */
export function slice({ inputs, rowCount }: Batch, start: number, end: number): Batch {
  if (start === 0 && end === rowCount) return { inputs, rowCount };
  const parts = Object.entries(inputs).map(([name, tensor]) => [name, sliceTensor(tensor, start, end)]);
  return { inputs: Object.fromEntries(parts), rowCount: end - start };
}

function sliceTensor(tensor: Tensor, start: number, end: number): Tensor {
  const { data, shape } = tensor;
  const [rowCount, ...rest] = shape;
  const width = data.length / rowCount!;
  const part = typeof data[0] === 'string' ? 'slice' : 'subarray';
  const values = (data as Float32Array)[part as 'subarray'](start * width, end * width);
  return { ...tensor, shape: [end - start, ...rest], data: values } as Tensor;
}
