/** Sparse rows: picking some of them, and making dense batches of them. */
import type { Matrix, SparseMatrix } from '../../shared/tensor.ts';

/** The rows at `indices`, in that order. */
export function takeSparseRows(rows: SparseMatrix, indices: Uint32Array): SparseMatrix {
  const { rowStarts, width } = rows;
  const starts = new Uint32Array(indices.length + 1);
  indices.forEach((row, i) => {
    starts[i + 1] = starts[i]! + rowStarts[row + 1]! - rowStarts[row]!;
  });
  const columns = new Uint32Array(starts.at(-1)!);
  const values = rows.values === null ? null : new Float32Array(columns.length);
  indices.forEach((row, i) => {
    const [from, to] = [rowStarts[row]!, rowStarts[row + 1]!];
    columns.set(rows.columns.subarray(from, to), starts[i]!);
    values?.set(rows.values!.subarray(from, to), starts[i]!);
  });
  return { rowStarts: starts, columns, values, rowCount: indices.length, width };
}

/**
 * Makes dense batches of up to `size` rows at given indices, in one buffer: a batch is good until the next is made. Only
 * what the last batch filled is cleared, so that a batch costs what its rows hold, not how wide they are.
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

/** What tells sparse rows of one shape apart. */
export function sparseArrays({ rowStarts, columns, values }: SparseMatrix): (Uint32Array | Float32Array)[] {
  return values === null ? [rowStarts, columns] : [rowStarts, columns, values];
}
