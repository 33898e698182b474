/** Summaries of rows and of errors. */
import type { FeatureStatistics } from '../../shared/manifest.ts';
import { batches, type Rows } from '../data/dataset.ts';

const BATCH = 1024;

/** Mean, population standard deviation, minimum and maximum of each column over its values that are not NaN; 0 where none is. */
export function featureStatistics(rows: Rows): FeatureStatistics {
  const { width } = rows;
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  const count = new Uint32Array(width);
  const min = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (const { data } of batches(rows, BATCH)) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (Number.isNaN(value)) continue;
      const column = i % width;
      count[column]!++;
      // Welford's update: a sum of squares would lose the variance of values far from 0.
      const delta = value - mean[column]!;
      mean[column]! += delta / count[column]!;
      squares[column]! += delta * (value - mean[column]!);
      if (value < min[column]!) min[column] = value;
      if (value > max[column]!) max[column] = value;
    }
  }
  const known = (values: Float64Array) => Array.from(values, (value, i) => (count[i] === 0 ? 0 : value));
  return {
    mean: known(mean),
    standardDeviation: known(squares.map((sum, i) => Math.sqrt(sum / count[i]!))),
    min: known(min),
    max: known(max),
  };
}

/** The quantile at `share` in [0, 1] of ascending values, linear between neighbours (Hyndman & Fan type 7, as NumPy). */
export function quantile(ascending: Float32Array, share: number): number {
  const position = (ascending.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (ascending[above]! - ascending[below]!) * (position - below);
}
