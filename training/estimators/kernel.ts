/** Rows of an RBF kernel matrix, computed on demand and cached up to a size limit. */
import type { Matrix } from '../../shared/tensor.ts';

/** Values in the cache: 256 MiB of float32. */
const MAX_CACHED = 2 ** 26;

/** Returns a function that gives row i: exp(-`gamma` |x_i - x_j|^2) for every row j, in float32. */
export function rbfKernel({ data, rowCount, width }: Matrix, gamma: number): (row: number) => Float32Array {
  const norms = Float64Array.from({ length: rowCount }, (_, i) => dot(i, i));
  // In order of use: the first entry is the least recently used.
  const kept = new Map<number, Float32Array>();
  const capacity = Math.max(2, Math.floor(MAX_CACHED / rowCount));

  function dot(a: number, b: number): number {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += data[a * width + c]! * data[b * width + c]!;
    return sum;
  }

  return (i) => {
    const row =
      kept.get(i) ??
      Float32Array.from({ length: rowCount }, (_, j) =>
        Math.exp(-gamma * (norms[i]! + norms[j]! - 2 * dot(i, j))),
      );
    kept.delete(i);
    kept.set(i, row);
    if (kept.size > capacity) kept.delete(kept.keys().next().value!);
    return row;
  };
}
