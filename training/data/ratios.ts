/** Columns of numbers of which one is the other times one of a few factors, such as a price with tax and one without. */
import * as z from 'zod';
import { quantile } from '../../shared/quantile.ts';
import { permutation, random } from '../../shared/random.ts';
import { stepOf } from './step.ts';
import { type Column, numbersOf } from './table.ts';

export const Ratio = z.object({
  /** The column of larger values, as a rule, and the other one. */
  of: z.string(),
  by: z.string(),
  /** Rows in which both have a value that is not 0. */
  rows: z.number().int(),
  /** Factors, the most frequent first, and the share of these rows in which the first column is so many times the other. */
  factors: z.array(z.tuple([z.number(), z.number()])),
});

export type Ratio = z.infer<typeof Ratio>;

/** Share of the rows from which on a factor is kept. */
const LEAST_SHARE = 0.02;
/** Currencies alone are several, and one that is left out would look gone. */
const MOST_FACTORS = 12;
const MOST_COLUMNS = 24;
/** Rows that are compared, drawn at random if there are more; and those that show whether there is any factor. */
const [MOST_ROWS, FIRST_ROWS] = [5000, 400];
const LEAST_ROWS = 50;
/** Distinct values of a column, and of the rows of a factor: latitude and longitude of one shop make no rate. */
export const LEAST_DISTINCT = 20;
/** Digits that a factor is told by at most. */
const MOST_DIGITS = 6;
/** What float32 leaves, as a part of a value. */
const EXACT = 1e-6;
/** Largest part of a value that rounding may make up: small counts are multiples of one another by chance. */
const FINE = 0.005;
/** Times as far off as rounding explains, and the part of the rows that may be: near a factor, there are hardly any. */
const [AROUND, HARDLY] = [5, 0.5];
/** Width of the range that a factor is looked for in, as a part of it. */
const RANGE = 0.0005;

/** Finds factors among all pairs of columns. */
export function ratiosOf(columns: readonly Column[], rowCount: number): Ratio[] {
  const measured = columns
    .filter(({ type }) => type === 'number')
    .slice(0, MOST_COLUMNS)
    .map((column) => measuredOf(column, rowCount))
    .filter(({ values }) => new Set(values).size >= LEAST_DISTINCT);
  return measured.flatMap((a, i) =>
    measured.slice(0, i).flatMap((b): Ratio[] => {
      const [large, small] = a.size >= b.size ? [a, b] : [b, a];
      const rows = comparedRows(large, small);
      if (factorsIn(large, small, rows.subarray(0, FIRST_ROWS)).length === 0) return [];
      const factors = factorsIn(large, small, rows)
        .filter(({ distinct }) => distinct >= LEAST_DISTINCT)
        .map(({ factor, share }): [number, number] => [factor, share]);
      return factors.length === 0 ? [] : [{ of: large.column, by: small.column, rows: rows.length, factors }];
    }),
  );
}

export interface Factor {
  readonly factor: number;
  readonly share: number;
  /** Distinct values of the smaller column in these rows. */
  readonly distinct: number;
  /** Part of most of these values that rounding may make up. */
  readonly rounding: number;
}

/**
 * The share of the rows of known factors in other rows, the factors found in these, and their number; undefined where a
 * column is not there.
 */
export function sharesOfFactors(
  columns: readonly Column[],
  rowCount: number,
  { of, by, factors }: Ratio,
): { readonly shares: number[]; readonly found: Factor[]; readonly rows: number } | undefined {
  const [large, small] = [of, by].map((name) =>
    columns.find((each) => each.name === name && each.type === 'number'),
  );
  if (large === undefined || small === undefined) return undefined;
  const [a, b] = [measuredOf(large, rowCount), measuredOf(small, rowCount)];
  const rows = comparedRows(a, b);
  const shares = factors.map(
    ([factor]) => rows.filter((row) => off(a, b, row, factor) <= 1).length / Math.max(1, rows.length),
  );
  return { shares, found: factorsIn(a, b, rows), rows: rows.length };
}

interface Measured {
  readonly column: string;
  readonly values: Float64Array;
  /** Their mean size. */
  readonly size: number;
  /** Half of the step that they are rounded to. */
  readonly half: number;
}

function measuredOf(column: Column, rowCount: number): Measured {
  const all = numbersOf(column);
  const rows = permutation(rowCount, random(1, 'ratios')).subarray(0, MOST_ROWS);
  const values = Float64Array.from(rows, (row) => all[row]!);
  return { column: column.name, values, size: sizeOf(values), half: stepOf(values) / 2 };
}

function comparedRows(large: Measured, small: Measured): Uint32Array {
  return Uint32Array.from(large.values.keys()).filter((row) => large.values[row]! * small.values[row]! > 0);
}

/** How far a value is from so many times the other, as a multiple of what rounding explains. */
function off(large: Measured, small: Measured, row: number, factor: number): number {
  const [x, y] = [large.values[row]!, small.values[row]!];
  return Math.abs(x - factor * y) / (large.half + factor * small.half + EXACT * Math.abs(x));
}

function factorsIn(large: Measured, small: Measured, rows: Uint32Array): Factor[] {
  const factors: Factor[] = [];
  if (rows.length < LEAST_ROWS) return factors;
  const least = LEAST_SHARE * rows.length;
  for (let left = rows; factors.length < MOST_FACTORS && left.length >= least; ) {
    const factor = mostFrequent(large, small, left);
    const equal = left.filter((row) => off(large, small, row, factor) <= 1);
    const rest = left.filter((row) => off(large, small, row, factor) > AROUND);
    const around = left.length - rest.length - equal.length;
    const rounding = Float64Array.from(
      equal,
      (row) => (large.half + factor * small.half) / Math.abs(large.values[row]!),
    ).sort();
    if (equal.length < least || around > HARDLY * equal.length || quantile(rounding, 0.5) > FINE) break;
    factors.push({
      factor: Number(factor.toPrecision(6)),
      share: Number((equal.length / rows.length).toFixed(5)),
      distinct: new Set(Array.from(equal, (row) => small.values[row])).size,
      rounding: quantile(rounding, 0.5),
    });
    left = rest;
  }
  return factors.sort((a, b) => b.share - a.share);
}

/** The middle of the densest range of ratios, of the larger half of the values, which rounding hardly moves. */
function mostFrequent(large: Measured, small: Measured, rows: Uint32Array): number {
  const middle = quantile(Float64Array.from(rows, (row) => Math.abs(small.values[row]!)).sort(), 0.5);
  const ratios = Float64Array.from(
    rows.filter((row) => Math.abs(small.values[row]!) >= middle),
    (row) => large.values[row]! / small.values[row]!,
  ).sort();
  let [from, to] = [0, 0];
  for (let first = 0, end = 0; first < ratios.length; first++) {
    while (end < ratios.length && ratios[end]! <= ratios[first]! * (1 + RANGE)) end++;
    if (end - first > to - from) [from, to] = [first, end];
  }
  const densest = ratios.subarray(from, to);
  return roundest(quantile(densest, 0.4), quantile(densest, 0.5), quantile(densest, 0.6));
}

/** The number of fewest digits between two, nearest to the middle: a rate is a round number. */
function roundest(low: number, middle: number, high: number): number {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const rounded = Number(middle.toPrecision(digits));
    if (rounded >= low && rounded <= high) return rounded;
  }
  return middle;
}

/** The mean size of the values. */
function sizeOf(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += Math.abs(value);
    count++;
  }
  return sum / Math.max(1, count);
}
