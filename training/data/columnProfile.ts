/** The distribution of a column, in figures small enough to keep with a model, and without any row. */
import * as z from 'zod';
import { quantile } from '../../shared/quantile.ts';
import { type Column, isMissing, numbersOf } from './table.ts';

export const ColumnProfile = z.object({
  name: z.string(),
  type: z.enum(['number', 'boolean', 'category', 'date']),
  /** Share of the rows with a missing value. All other shares are of the rows with a value. */
  missing: z.number(),
  /** Count of distinct values. */
  distinct: z.number(),
  /** Share of the most frequent value. */
  top: z.number(),
  /** Standard deviation of the values between the quantiles 1 % and 99 %; of numbers only. */
  deviation: z.number().optional(),
  /**
   * Shares of the values that are multiples of each of `MULTIPLES` or, of dates, at a whole minute, hour and day (UTC);
   * undefined in earlier releases.
   */
  multiples: z.array(z.number()).optional(),
  /** Shares of the smallest and of the largest value; of numbers, undefined in earlier releases. */
  ends: z.tuple([z.number(), z.number()]).optional(),
  /**
   * The lowest value that many rows share, the highest one, and their shares: where a cap holds for nearly all, a value
   * beyond it may be there or not; of numbers where there are such values, undefined in earlier releases.
   */
  caps: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** How far halves of the rows are apart at most, in standard deviations; undefined in earlier releases. */
  halves: z.number().optional(),
  /**
   * How many times as much the mean rank, or the share of a category, varies as that of independent rows, where rows next
   * to one another are alike; undefined if they are not, and in earlier releases.
   */
  clustering: z.number().optional(),
  /** Evenly spaced quantiles, from the smallest to the largest value; of numbers and dates. */
  quantiles: z.array(z.number()).optional(),
  /** Share of each value, the most frequent first; of categories, and of numbers with few distinct values. */
  shares: z.array(z.tuple([z.string(), z.number()])).optional(),
});

export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** Most values that have shares of their own. */
const MOST_SHARES = 200;
/** Most distinct values of numbers that are counted one by one. */
const FEW = 20;
/** Share of the values from which on one of them is shared by many rows. */
const SHARED = 0.005;
/** Most values that quantiles are computed from; evenly spaced ones stand for more. */
const MOST_SORTED = 200_000;
/** Rows that each step between quantiles stands for at least, so that few rows do not appear in full. */
const ROWS_PER_QUANTILE = 10;
const MOST_QUANTILES = 101;
/** Steps that numbers are often rounded to; later ones are not in profiles of earlier releases. */
export const MULTIPLES = [0.1, 1, 10, 100, 5, 4] as const;
/** Steps that times are cut off to. */
export const WHOLE_TIMES = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export function columnProfile(column: Column): ColumnProfile {
  const { name, type } = column;
  const numbers = numbersOf(column);
  const rows = numbers.length;
  let present = 0;
  for (let row = 0; row < rows; row++) if (!isMissing(column, row)) present++;
  const common = { name, type, missing: rows === 0 ? 1 : 1 - present / rows };
  if (present === 0) return { ...common, distinct: 0, top: 0 };
  if (column.type === 'category' || column.type === 'boolean') {
    const textOf = (value: number) =>
      column.type === 'category' ? column.categories[value]! : String(value === 1);
    return { ...common, ...counted(countsOf(numbers), textOf) };
  }
  const ascending = sortedValues(numbers, present);
  const { few, ...tops } = runsOf(ascending);
  const count = Math.min(MOST_QUANTILES, 1 + Math.max(1, Math.floor(present / ROWS_PER_QUANTILE)));
  return {
    ...common,
    ...tops,
    ...(column.type === 'number' && {
      deviation: trimmedDeviation(ascending),
      multiples: MULTIPLES.map((step) => shareOfMultiples(ascending, step)),
      ends: sharesOfEnds(ascending),
      caps: capsOf(ascending),
    }),
    ...(column.type === 'date' && {
      multiples: Object.values(WHOLE_TIMES).map((step) => shareOf(ascending, (time) => time % step === 0)),
    }),
    quantiles: Array.from({ length: count }, (_, i) => quantile(ascending, i / (count - 1))),
    ...(column.type === 'number' && few && { shares: counted(few, String).shares }),
  };
}

function sortedValues(numbers: ArrayLike<number>, present: number): Float64Array {
  const step = Math.ceil(present / MOST_SORTED);
  const values = new Float64Array(Math.ceil(present / step));
  let [at, seen] = [0, 0];
  let largest = Number.NEGATIVE_INFINITY;
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    if (Number.isNaN(value)) continue;
    largest = Math.max(largest, value);
    smallest = Math.min(smallest, value);
    if (seen++ % step === 0) values[at++] = value;
  }
  const ascending = values.sort();
  // The extremes of all values, not only of those that were taken.
  ascending[0] = smallest;
  ascending[ascending.length - 1] = largest;
  return ascending;
}

function countsOf(numbers: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Counts equal values: a map of a column's distinct values would take longer, and more memory, than the column. */
function runsOf(ascending: Float64Array) {
  const few = new Map<number, number>();
  let [distinct, most, start] = [0, 0, 0];
  for (let i = 1; i <= ascending.length; i++) {
    if (ascending[i] === ascending[start]) continue;
    if (distinct++ < FEW) few.set(ascending[start]!, i - start);
    most = Math.max(most, i - start);
    start = i;
  }
  return { distinct, top: most / ascending.length, few: distinct <= FEW ? few : undefined };
}

function counted(counts: ReadonlyMap<number, number>, textOf: (value: number) => string) {
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  return {
    distinct: ordered.length,
    top: ordered[0]![1] / total,
    shares: ordered
      .slice(0, MOST_SHARES)
      .map(([value, count]): [string, number] => [textOf(value), count / total]),
  };
}

/** Float32 rounds to 6e-8. */
const EXACT = 1e-7;

function shareOfMultiples(values: Float64Array, step: number): number {
  return shareOf(values, (value) => {
    const quotient = value / step;
    return Math.abs(quotient - Math.round(quotient)) <= EXACT * Math.max(1, Math.abs(quotient));
  });
}

function shareOf(values: Float64Array, holds: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i]!)) count++;
  return count / values.length;
}

function sharesOfEnds(ascending: Float64Array): [smallest: number, largest: number] {
  const { length } = ascending;
  let [from, to] = [0, length];
  while (from < length && ascending[from] === ascending[0]) from++;
  while (to > 0 && ascending[to - 1] === ascending[length - 1]) to--;
  return [from / length, (length - to) / length];
}

function capsOf(ascending: Float64Array): [value: number, share: number][] {
  const { length } = ascending;
  const shared: [number, number][] = [];
  for (let from = 0, to = 0; from < length; from = to) {
    while (to < length && ascending[to] === ascending[from]) to++;
    if (to - from >= SHARED * length && to - from > 1) shared.push([ascending[from]!, (to - from) / length]);
  }
  return shared.length === 0 ? [] : [shared[0]!, shared.at(-1)!];
}

/** Without the outermost values, a few of which may decide the deviation of a column with heavy tails. */
function trimmedDeviation(ascending: Float64Array): number {
  const [low, high] = [quantile(ascending, 0.01), quantile(ascending, 0.99)];
  let [from, to] = [0, ascending.length];
  while (ascending[from]! < low) from++;
  while (ascending[to - 1]! > high) to--;
  let [sum, squares] = [0, 0];
  for (let i = from; i < to; i++) sum += ascending[i]!;
  const mean = sum / (to - from);
  for (let i = from; i < to; i++) squares += (ascending[i]! - mean) ** 2;
  return Math.sqrt(squares / (to - from));
}
