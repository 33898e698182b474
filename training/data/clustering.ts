/** Rows that are not independent of those next to them, such as the requests of one user. */
import type { ColumnProfile } from './columnProfile.ts';
import { rankOf } from './ranks.ts';
import { type Column, isMissing } from './table.ts';

/** Batches of rows whose means are compared with those of the next ones. */
export const BATCHES = 40;
/** Rows of a batch at least. */
const LEAST_ROWS = 5;
/** Times the variance of independent rows from which on it is more than chance: of so many batches, that hardly reaches it. */
const MORE = 2;
/**
 * Largest differences that are left out: where the rows of each category are together, there are jumps between them. The
 * mean square of the others is this part of that of all, of normal numbers.
 */
const [JUMPS, KEPT] = [4, 0.62];
/** Rows next to one another that are looked at, and categories. */
const [MOST_ROWS, MOST_CATEGORIES] = [100_000, 10];

/**
 * Returns the variance of a mean, times the rows: that of independent ones or, if it is more than chance, that by which
 * the means of successive batches of rows differ (von Neumann, 1941). What rises or falls slowly, as in sorted rows or by
 * the hour of the day, hardly counts, nor do a few jumps.
 * @param means Means of the batches.
 * @param variance Of one row.
 */
export function clusteredVariance(means: Float64Array, variance: number, rows: number): number {
  if (rows < LEAST_ROWS * BATCHES) return variance;
  const squares = means
    .subarray(1)
    .map((mean, before) => (mean - means[before]!) ** 2)
    .sort()
    .subarray(0, -JUMPS);
  const ofDifferences = squares.reduce((sum, square) => sum + square, 0) / squares.length / KEPT;
  const clustered = (ofDifferences / 2) * (rows / means.length);
  return clustered > MORE * variance ? clustered : variance;
}

/** The batch that a row is in. */
export function batchOf(row: number, rows: number): number {
  return Math.floor((BATCHES * row) / rows);
}

/** The first row of a batch. */
export function firstOf(batch: number, rows: number): number {
  return Math.ceil((batch * rows) / BATCHES);
}

/**
 * Returns how many times as much the mean rank of a column varies as that of independent rows or, of categories, the
 * share of the one for which this is most; 1 if rows are independent.
 */
export function clusteringOf(column: Column, profile: ColumnProfile): number {
  return Math.max(1, ...scoresOf(column, profile).map(inflationOf));
}

function scoresOf(column: Column, { quantiles, shares = [] }: ColumnProfile): Float64Array[] {
  const values = column.type === 'category' ? column.codes : column.values;
  const some = values.subarray(0, MOST_ROWS);
  if (column.type === 'number' && quantiles !== undefined)
    return [Float64Array.from(some, (value) => rankOf(value, quantiles))];
  if (column.type === 'category')
    return shares.slice(0, MOST_CATEGORIES).map(([name]) => {
      const wanted = column.categories.indexOf(name);
      return Float64Array.from(some, (code, row) =>
        isMissing(column, row) ? Number.NaN : Number(code === wanted),
      );
    });
  return column.type === 'boolean' ? [Float64Array.from(some)] : [];
}

function inflationOf(scores: Float64Array): number {
  const present = scores.filter((score) => !Number.isNaN(score));
  const rows = present.length;
  const [sums, counts] = [new Float64Array(BATCHES), new Float64Array(BATCHES)];
  let [sum, squares] = [0, 0];
  for (const [row, score] of present.entries()) {
    const batch = batchOf(row, rows);
    sums[batch]! += score;
    counts[batch]!++;
    sum += score;
    squares += score * score;
  }
  const variance = squares / rows - (sum / rows) ** 2;
  if (!(variance > 1e-9)) return 1;
  return (
    clusteredVariance(
      sums.map((each, batch) => each / counts[batch]!),
      variance,
      rows,
    ) / variance
  );
}
