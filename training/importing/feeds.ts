/** Rows as inputs of graphs, in batches that stay valid. */
import type { Tensors } from '../../shared/tensor.ts';
import { type GraphRows, isRaw } from '../evaluate/outputs.ts';
import { rawRows } from '../preprocess/preprocessing.ts';

/** Returns the rows at the given indices, which are consecutive, as the inputs of a graph. */
export function feedOf(rows: GraphRows, start: number, end: number): Tensors {
  if (isRaw(rows)) {
    const indices = Uint32Array.from({ length: end - start }, (_, i) => start + i);
    return [...rawRows(rows, indices)(end - start, end - start)][0]!;
  }
  if (!('data' in rows)) throw new Error('expected a matrix');
  const data = rows.data.slice(start * rows.width, end * rows.width);
  return { rows: { dtype: 'float32', shape: [end - start, rows.width], data } };
}
