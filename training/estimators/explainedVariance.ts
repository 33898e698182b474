/** The number of principal components that rows need. */
import { EigenvalueDecomposition } from 'ml-matrix';
import { permutation, random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { takeRows } from '../data/batches.ts';
import { featureStatistics } from '../data/statistics.ts';

/** Most columns whose covariance is decomposed, and most rows that it is computed from: more take too long. */
const MOST_COLUMNS = 512;
const MOST_ROWS = 5000;
/** The number for rows of more columns. */
const COMPONENTS_OF_WIDE = 64;

/**
 * Returns the least number of components that explain this share of the variance, at least 1, and fewer than
 * there are columns if there are several. Rows of more than 512 columns get 64.
 */
export function componentsFor(rows: Matrix, share: number, seed: number): number {
  const { rowCount, width } = rows;
  if (width > MOST_COLUMNS) return COMPONENTS_OF_WIDE;
  const sample = takeRows(
    rows,
    permutation(rowCount, random(seed, 'explained-variance')).subarray(0, MOST_ROWS),
  );
  const variances = new EigenvalueDecomposition(covarianceOf(sample, featureStatistics(sample).mean), {
    assumeSymmetric: true,
  }).realEigenvalues.sort((a, b) => b - a);
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  let explained = 0;
  const enough = variances.findIndex((variance) => {
    explained += variance;
    return explained >= share * total;
  });
  return Math.max(1, Math.min(width - 1, enough + 1));
}

/** Covariance of the columns, `[width][width]`. */
export function covarianceOf({ data, rowCount, width }: Matrix, mean: readonly number[]): number[][] {
  const sums = Array.from({ length: width }, () => new Array<number>(width).fill(0));
  for (let start = 0; start < data.length; start += width) {
    for (let a = 0; a < width; a++) {
      const own = data[start + a]! - mean[a]!;
      for (let b = 0; b <= a; b++) sums[a]![b]! += own * (data[start + b]! - mean[b]!);
    }
  }
  return sums.map((row, a) => row.map((_, b) => sums[Math.max(a, b)]![Math.min(a, b)]! / rowCount));
}
