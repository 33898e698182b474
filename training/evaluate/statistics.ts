/** Summaries of rows and of errors. */
import type { FeatureStatistics } from '../../shared/manifest.ts';
import { isSparse, type Matrix, type Rows, type SparseMatrix } from '../../shared/tensor.ts';

/** Mean, population standard deviation, minimum and maximum of each column. */
export function featureStatistics(rows: Rows): FeatureStatistics {
  return isSparse(rows) ? sparseStatistics(rows) : denseStatistics(rows);
}

function denseStatistics({ data, rowCount, width }: Matrix): FeatureStatistics {
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

function sparseStatistics({ columns, values, rowCount, width }: SparseMatrix): FeatureStatistics {
  const count = new Uint32Array(width);
  const mean = new Float64Array(width);
  const min = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  columns.forEach((column, i) => {
    const value = values?.[i] ?? 1;
    count[column]!++;
    mean[column]! += value / rowCount;
    min[column] = Math.min(min[column]!, value);
    max[column] = Math.max(max[column]!, value);
  });
  // The zeros that are not stored, all at once.
  const squares = mean.map((each, column) => (rowCount - count[column]!) * each ** 2);
  columns.forEach((column, i) => {
    squares[column]! += ((values?.[i] ?? 1) - mean[column]!) ** 2;
  });
  const withZero = (own: number, column: number, pick: (a: number, b: number) => number) =>
    count[column] === rowCount ? own : pick(own, 0);
  return {
    mean: Array.from(mean),
    standardDeviation: Array.from(squares, (sum) => Math.sqrt(sum / rowCount)),
    min: Array.from(min, (own, column) => withZero(own, column, Math.min)),
    max: Array.from(max, (own, column) => withZero(own, column, Math.max)),
  };
}

/** The quantile at `share` in [0, 1] of ascending values, linear between neighbours (Hyndman & Fan type 7, as NumPy). */
export function quantile(ascending: Float32Array, share: number): number {
  const position = (ascending.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (ascending[above]! - ascending[below]!) * (position - below);
}
