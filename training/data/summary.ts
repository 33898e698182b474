/** Summary of a column's values, used to infer its role and to show it on one line. */
import { type CategoryColumn, type Column, numbersOf } from './table.ts';

export interface ColumnSummary {
  /** Share of the rows with a missing value, in [0, 1]. */
  readonly missing: number;
  /** Count of distinct values; of numbers, booleans and dates, at most `MAX_DISTINCT`. */
  readonly distinct: number;
  /** True if all values are equal in float32, the precision that models take. */
  readonly constant: boolean;
  /** Smallest number, boolean (0 or 1), date or category code; NaN if all values are missing. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Third standardised moment; 0 for a constant. */
  readonly skewness: number;
  readonly integers: boolean;
  /** True if no value is missing and each is the one before plus 1. */
  readonly counting: boolean;
}

/** Distinct numbers are counted up to this limit. */
export const MAX_DISTINCT = 21;

export function summarize(column: Column): ColumnSummary {
  const values = numbersOf(column);
  const { length } = values;
  const distinct = new Set<number>();
  const most = column.type === 'category' ? length : MAX_DISTINCT;
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let integers = true;
  let counting = true;
  for (let r = 0; r < length; r++) {
    const value = values[r]!;
    if (Number.isNaN(value)) {
      counting = false;
      continue;
    }
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    integers &&= Number.isInteger(value);
    counting &&= r === 0 || value === values[r - 1]! + 1;
    if (distinct.size < most) distinct.add(value);
  }
  const mean = sum / count;
  return {
    missing: 1 - count / length,
    distinct: distinct.size,
    constant: Math.fround(min) === Math.fround(max) && Number.isFinite(Math.fround(min)),
    min: count === 0 ? Number.NaN : min,
    max: count === 0 ? Number.NaN : max,
    mean,
    skewness: skewnessOf(values, mean),
    integers,
    counting: counting && integers && length > 1,
  };
}

function skewnessOf(values: ArrayLike<number>, mean: number): number {
  let [count, second, third] = [0, 0, 0];
  for (let r = 0; r < values.length; r++) {
    const difference = values[r]! - mean;
    if (Number.isNaN(difference)) continue;
    count++;
    const square = difference * difference;
    second += square;
    third += square * difference;
  }
  return second === 0 ? 0 : third / count / (second / count) ** 1.5;
}

/** Formats the values in a few words: a range, or the most frequent categories. */
export function formatValues(column: Column, { distinct, min, max, mean }: ColumnSummary): string {
  if (distinct === 0) return '';
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  switch (column.type) {
    case 'number':
      return `${toFourDigits(min)} .. ${toFourDigits(max)}`;
    case 'date':
      return `${day(min)} .. ${day(max)}`;
    case 'boolean':
      return `${percent(mean)} true`;
    case 'category':
      return topCategories(column)
        .map(([name, share]) => `${name} ${percent(share)}`)
        .join(', ');
  }
}

/** Returns the three most frequent categories and their shares of the rows that are not missing. */
function topCategories({ codes, categories }: CategoryColumn): [string, number][] {
  const counts = new Float64Array(categories.length);
  let present = 0;
  for (const code of codes) {
    if (code < 0) continue;
    counts[code]!++;
    present++;
  }
  const order = Array.from(categories.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  return order.slice(0, 3).map((code) => [categories[code]!, counts[code]! / present]);
}

function toFourDigits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
