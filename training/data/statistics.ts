/** Summaries of rows and of errors. */
import type { FeatureStatistics } from '../../shared/features.ts';
import { isSparse, type Matrix, type SparseMatrix } from '../../shared/tensor.ts';
import { type AnyRows, batches, type RowView, rowsPerBatch } from './batches.ts';

/** Figures of each column, in their order. */
export type ColumnStatistics = Readonly<Record<keyof FeatureStatistics, number[]>>;

/** Mean, population standard deviation, minimum and maximum of each column over its values that are not NaN; 0 where none is. */
export function featureStatistics(rows: AnyRows): ColumnStatistics {
  return isSparse(rows) ? sparseStatistics(rows) : denseStatistics(rows);
}

function denseStatistics(rows: Matrix | RowView): ColumnStatistics {
  const { width } = rows;
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  const count = new Uint32Array(width);
  const min = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (const { data } of batches(rows, rowsPerBatch(width, 1024))) {
    // The remainder of `i` is slow to work out for each value.
    for (let i = 0, column = 0; i < data.length; i++, column = column + 1 === width ? 0 : column + 1) {
      const value = data[i]!;
      if (Number.isNaN(value)) continue;
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

function sparseStatistics({ columns, values, rowCount, width }: SparseMatrix): ColumnStatistics {
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
