/** Columns of which one is hardly ever above another, such as the start and the end of a trip, or net and gross. */
import * as z from 'zod';
import { permutation, random } from '../../shared/random.ts';
import type { ColumnProfile } from './columnProfile.ts';
import { type Column, numbersOf } from './table.ts';

export const Ordered = z.object({
  lower: z.string(),
  upper: z.string(),
  /** Share of the rows that have both values in which the lower one is not above the other. */
  share: z.number(),
  /** Share of these rows in which both are equal; undefined in earlier releases. */
  ties: z.number().optional(),
  /** The number of these rows. */
  rows: z.number().int(),
});

export type Ordered = z.infer<typeof Ordered>;

/** Share from which on an order is more than chance. */
const ALWAYS = 0.98;
/** Share of the rows in which the two differ: of others, their order says nothing. */
const LEAST_DIFFERENT = 0.5;
/**
 * Quantiles that must overlap, of numbers: a year of birth is below a salary whatever becomes of them. Times are all of
 * one kind: what is due days after it was opened was always to be so.
 */
const OUTER = 0.1;
const MOST_COLUMNS = 64;
/** The surest are kept. */
const MOST_PAIRS = 200;
/** Rows that are compared, drawn at random if there are more. */
const MOST_ROWS = 10_000;

/** Finds the pairs among the columns of numbers, and among those of times. */
export function orderedPairs(
  columns: readonly Column[],
  profiles: readonly ColumnProfile[],
  rowCount: number,
): Ordered[] {
  const known = columns
    .flatMap((column, i) => {
      const range = outerRange(profiles[i]!);
      return range === undefined ? [] : [{ column, range }];
    })
    .slice(0, MOST_COLUMNS)
    .map((each) => ({ ...each, values: comparedValues(each.column, rowCount) }));
  const pairs: Ordered[] = [];
  for (const lower of known)
    for (const upper of known) {
      if (lower === upper || lower.column.type !== upper.column.type) continue;
      if (lower.column.type === 'number' && !overlap(lower.range, upper.range)) continue;
      const { share, ties, below, count } = orderIn(lower.values, upper.values);
      if (count === 0 || share < ALWAYS || below < LEAST_DIFFERENT) continue;
      pairs.push({
        ...{ lower: lower.column.name, upper: upper.column.name },
        ...{ share: Number(share.toFixed(5)), ties: Number(ties.toFixed(5)), rows: count },
      });
    }
  return pairs.sort((a, b) => b.share - a.share).slice(0, MOST_PAIRS);
}

/** The values that orders are told from: of all columns, those of the same rows. */
export function comparedValues(column: Column, rowCount: number): Float64Array {
  const values = numbersOf(column);
  return Float64Array.from(
    permutation(rowCount, random(1, 'orders')).subarray(0, MOST_ROWS),
    (row) => values[row]!,
  );
}

/**
 * Returns, of the rows that have both values, the share in which `lower` is at most `upper`, in which both are equal, and
 * in which it is less.
 */
export function orderIn(lower: Float64Array, upper: Float64Array) {
  let [count, above, below] = [0, 0, 0];
  for (let row = 0; row < lower.length; row++) {
    const [x, y] = [lower[row]!, upper[row]!];
    if (x < y) below++;
    else if (x > y) above++;
    else if (x !== y) continue;
    count++;
  }
  return { share: 1 - above / count, ties: (count - above - below) / count, below: below / count, count };
}

interface OuterRange {
  readonly low: number;
  readonly high: number;
}

function overlap(lower: OuterRange, upper: OuterRange): boolean {
  return lower.high > upper.low && lower.low <= upper.high;
}

function outerRange({ quantiles }: ColumnProfile): OuterRange | undefined {
  if (quantiles === undefined) return undefined;
  const at = (share: number) => quantiles[Math.round(share * (quantiles.length - 1))]!;
  return { low: at(OUTER), high: at(1 - OUTER) };
}
