/** Rows in any form, and dense batches made from them. */
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import { densifier, takeSparseRows } from './sparse.ts';

/** Rows of a matrix, selected by index. A view, since a copy could take as much memory as the data. */
export interface RowView {
  readonly of: Matrix;
  readonly indices: Uint32Array;
  readonly rowCount: number;
  readonly width: number;
}

/** Rows in any form that batches can be made from. */
export type AnyRows = Rows | RowView;

/** Up to so many values are copied one by one: the view that `set` takes costs more than they do. */
const NARROW = 128;

/** Copies the rows at `indices`, in that order, to the start of `into`, which must be large enough. */
export function takeRows(
  rows: Matrix | RowView,
  indices: Uint32Array,
  into = new Float32Array(indices.length * rows.width),
): Matrix {
  const { width } = rows;
  const view = isView(rows) ? rows : undefined;
  const { data } = isView(rows) ? rows.of : rows;
  const isNarrow = width <= NARROW;
  for (let i = 0, at = 0; i < indices.length; i++, at += width) {
    const row = indices[i]!;
    const start = (view === undefined ? row : view.indices[row]!) * width;
    if (isNarrow) for (let column = 0; column < width; column++) into[at + column] = data[start + column]!;
    else into.set(data.subarray(start, start + width), at);
  }
  const filled = indices.length * width;
  return { data: into.length === filled ? into : into.subarray(0, filled), rowCount: indices.length, width };
}

/** Copies the rows at `indices`, in that order, in the same form (dense or sparse). */
export function pickRows<R extends Rows>(rows: R, indices: Uint32Array): R;
export function pickRows(rows: AnyRows, indices: Uint32Array): Rows;
export function pickRows(rows: AnyRows, indices: Uint32Array): Rows {
  return isSparse(rows) ? takeSparseRows(rows, indices) : takeRows(rows, indices);
}

/** Returns the first `count` rows, or all if there are fewer. */
export function firstRows<R extends Rows>(rows: R, count: number): R {
  const rowCount = Math.min(count, rows.rowCount);
  if (isSparse(rows))
    return takeSparseRows(
      rows,
      Uint32Array.from({ length: rowCount }, (_, i) => i),
    ) as R;
  return { ...rows, rowCount, data: rows.data.subarray(0, rowCount * rows.width) };
}

/**
 * Returns a function that copies up to `size` rows into a shared buffer: a batch is valid until the next
 * call.
 */
export function batcher(rows: AnyRows, size: number): (indices: Uint32Array) => Matrix {
  if (isSparse(rows)) return densifier(rows, size);
  const buffer = new Float32Array(Math.min(size, rows.rowCount) * rows.width);
  return (indices) => takeRows(rows, indices, buffer);
}

export function isView(rows: AnyRows): rows is RowView {
  return 'of' in rows;
}

/**
 * Yields consecutive batches of at most `size` rows. Batches of a matrix are views; others share one buffer
 * and are valid until the next one is requested.
 */
export function* batches(rows: AnyRows, size: number): Generator<Matrix> {
  const { rowCount, width } = rows;
  const slice =
    isSparse(rows) || isView(rows)
      ? ofRange(batcher(rows, size))
      : (start: number, end: number) => ({
          data: rows.data.subarray(start * width, end * width),
          rowCount: end - start,
          width,
        });
  for (let start = 0; start < rowCount; start += size) yield slice(start, Math.min(start + size, rowCount));
}

function ofRange(take: (indices: Uint32Array) => Matrix): (start: number, end: number) => Matrix {
  return (start, end) => take(Uint32Array.from({ length: end - start }, (_, i) => start + i));
}

/** Values per batch: 16 MiB of float32, so that several copies fit into memory. */
const BATCH_VALUES = 2 ** 22;

/** Returns the number of rows of a width that fit into a batch of 16 MiB, from 1 to `most`. */
export function rowsPerBatch(width: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(BATCH_VALUES / width)));
}
