/**
 * Running sums for means and variances. Values are measured from an origin near their mean, to avoid
 * cancellation.
 */

/**
 * Moments of one or more columns; `weight` is the number of rows, `missing` that of missing values per
 * column.
 */
export interface Moments {
  readonly origin: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly missing: Float64Array;
  weight: number;
}

/** At this weight, all sums are halved: older rows count less, so the figures follow changes. */
const MAX_WEIGHT = 20_000;

/** Creates moments of zero weight, with one column per element of `origin`. */
export function newMoments(origin: Float64Array): Moments {
  const zeros = () => new Float64Array(origin.length);
  return { origin, sum: zeros(), squares: zeros(), missing: zeros(), weight: 0 };
}

/**
 * Adds rows: the first starts at 0 in `data`, and each of the others `stride` after the previous one; NaN is
 * a missing value. Four rows at a time are twice as fast as single rows, as sums are read and written a
 * quarter as often.
 */
export function addRows(moments: Moments, data: Float32Array, rows: number, stride: number): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) addFour(moments, data, row * stride, stride);
  for (; row < rows; row++) addOne(moments, data, row * stride);
  moments.weight += rows;
  if (moments.weight >= MAX_WEIGHT) halve(moments);
}

function addFour(
  { origin, sum, squares, missing }: Moments,
  data: Float32Array,
  start: number,
  stride: number,
) {
  for (let column = 0; column < origin.length; column++) {
    const at = start + column;
    const from = origin[column]!;
    const a = data[at]! - from;
    const b = data[at + stride]! - from;
    const c = data[at + 2 * stride]! - from;
    const d = data[at + 3 * stride]! - from;
    const total = a + b + c + d;
    if (Number.isNaN(total)) {
      for (const value of [a, b, c, d]) addValue(sum, squares, missing, column, value);
    } else {
      sum[column]! += total;
      squares[column]! += a * a + b * b + c * c + d * d;
    }
  }
}

function addOne({ origin, sum, squares, missing }: Moments, data: Float32Array, start: number): void {
  for (let column = 0; column < origin.length; column++) {
    addValue(sum, squares, missing, column, data[start + column]! - origin[column]!);
  }
}

function addValue(
  sum: Float64Array,
  squares: Float64Array,
  missing: Float64Array,
  column: number,
  difference: number,
): void {
  if (Number.isNaN(difference)) {
    missing[column]! += 1;
  } else {
    sum[column]! += difference;
    squares[column]! += difference * difference;
  }
}

/**
 * Returns the weight, the mean minus the origin, and the variance of one column; null if it has no values.
 */
export function momentsOf(
  { sum, squares, missing, weight }: Moments,
  column: number,
): { count: number; offset: number; variance: number } | null {
  const count = weight - missing[column]!;
  if (count <= 0) return null;
  const offset = sum[column]! / count;
  return { count, offset, variance: Math.max(0, squares[column]! / count - offset * offset) };
}

function halve(moments: Moments): void {
  for (const values of [moments.sum, moments.squares, moments.missing]) {
    for (let column = 0; column < values.length; column++) values[column]! /= 2;
  }
  moments.weight /= 2;
}
