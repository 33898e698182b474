/** Operations on sparse rows: selection and conversion to dense batches. */
import type { Matrix, SparseMatrix } from '../../shared/tensor.ts';

/** Copies the rows at `indices`, in that order. */
export function takeSparseRows(rows: SparseMatrix, indices: Uint32Array): SparseMatrix {
  const { rowStarts, width } = rows;
  const starts = new Uint32Array(indices.length + 1);
  indices.forEach((row, i) => {
    starts[i + 1] = starts[i]! + rowStarts[row + 1]! - rowStarts[row]!;
  });
  const columns = new Uint32Array(starts.at(-1)!);
  const values = rows.values === null ? null : new Float32Array(columns.length);
  const times = rows.times && new Float64Array(columns.length);
  indices.forEach((row, i) => {
    const [from, to] = [rowStarts[row]!, rowStarts[row + 1]!];
    columns.set(rows.columns.subarray(from, to), starts[i]!);
    values?.set(rows.values!.subarray(from, to), starts[i]!);
    times?.set(rows.times!.subarray(from, to), starts[i]!);
  });
  return { rowStarts: starts, columns, values, ...(times && { times }), rowCount: indices.length, width };
}

/**
 * Returns a function that expands up to `size` rows into a shared dense buffer: a batch is valid until the
 * next call. Only the values of the last batch are cleared, so the cost depends on the stored values, not on
 * the width.
 */
export function densifier(rows: SparseMatrix, size: number): (indices: Uint32Array) => Matrix {
  const { rowStarts, columns, values, width } = rows;
  const buffer = new Float32Array(Math.min(size, rows.rowCount) * width);
  let filled = new Uint32Array();
  const fill = (indices: Uint32Array, valueAt: (i: number) => number) => {
    for (let r = 0; r < indices.length; r++) {
      const row = indices[r]!;
      for (let i = rowStarts[row]!; i < rowStarts[row + 1]!; i++)
        buffer[r * width + columns[i]!] = valueAt(i);
    }
  };
  return (indices) => {
    fill(filled, () => 0);
    fill(indices, values === null ? () => 1 : (i) => values[i]!);
    filled = indices.slice();
    return { data: buffer.subarray(0, indices.length * width), rowCount: indices.length, width };
  };
}

/** Returns the arrays that define sparse rows of a given shape. */
export function sparseArrays({ rowStarts, columns, values }: SparseMatrix): (Uint32Array | Float32Array)[] {
  return values === null ? [rowStarts, columns] : [rowStarts, columns, values];
}
