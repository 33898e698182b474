/** Summaries of rows and of errors. */
import type { FeatureStatistics } from '../../shared/manifest.ts';
import type { Matrix } from '../../shared/tensor.ts';

/** Mean, population standard deviation, minimum and maximum of each column. */
export function featureStatistics({ data, rowCount, width }: Matrix): FeatureStatistics {
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  const min = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < width; column++) {
      const value = data[row * width + column]!;
      // Welford's update: a sum of squares would lose the variance of values far from 0.
      const delta = value - mean[column]!;
      mean[column]! += delta / (row + 1);
      squares[column]! += delta * (value - mean[column]!);
      if (value < min[column]!) min[column] = value;
      if (value > max[column]!) max[column] = value;
    }
  }
  return {
    mean: Array.from(mean),
    standardDeviation: Array.from(squares, (sum) => Math.sqrt(sum / rowCount)),
    min: Array.from(min),
    max: Array.from(max),
  };
}

/** The quantile at `share` in [0, 1] of ascending values, linear between neighbours (Hyndman & Fan type 7, as NumPy). */
export function quantile(ascending: Float32Array, share: number): number {
  const position = (ascending.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (ascending[above]! - ascending[below]!) * (position - below);
}
