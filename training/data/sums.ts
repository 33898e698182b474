/** Columns of numbers of which one is the sum of two others, such as a total, or the reading at an end. */
import * as z from 'zod';
import { permutation, random } from '../../shared/random.ts';
import { stepOf } from './step.ts';
import { type Column, numbersOf } from './table.ts';

export const Sum = z.object({
  of: z.string(),
  parts: z.tuple([z.string(), z.string()]),
  /** Rows in which all three have a value that is not 0. */
  rows: z.number().int(),
  /** Share of these in which the first column is the sum of the others, but for rounding. */
  share: z.number(),
});

export type Sum = z.infer<typeof Sum>;

/** Share of the rows from which on it is a rule. */
const LEAST_SHARE = 0.98;
const MOST_COLUMNS = 24;
/** Rows that are compared, drawn at random if there are more; and those that show whether there is any sum. */
const [MOST_ROWS, FIRST_ROWS] = [2000, 50];
/** Of the first rows, those that may be off. */
const FEW = 5;
/** Times the deviation of each column is as large as rounding: small counts are sums of one another by chance. */
const FINE = 10;
/** What float32 leaves, as a part of a value. */
const EXACT = 1e-6;

/** Finds sums among all columns, three by three. */
export function sumsOf(columns: readonly Column[], rowCount: number): Sum[] {
  const rows = drawnRows(rowCount);
  const measured = columns
    .filter(({ type }) => type === 'number')
    .slice(0, MOST_COLUMNS)
    .map((column) => measuredOf(column, rows));
  return measured.flatMap((total) =>
    measured.flatMap((a, i) =>
      measured.slice(0, i).flatMap((b): Sum[] => {
        if (a === total || b === total || !isFine([total, a, b]) || !isLikely(total, a, b)) return [];
        const found = held(total, a, b);
        if (found.rows < FIRST_ROWS || found.share < LEAST_SHARE) return [];
        return [{ of: total.column, parts: [b.column, a.column], ...found }];
      }),
    ),
  );
}

/** The share of other rows in which a known sum holds, and their number; undefined where a column is not there. */
export function shareOfSum(
  columns: readonly Column[],
  rowCount: number,
  { of, parts }: Sum,
): Pick<Sum, 'rows' | 'share'> | undefined {
  const [total, a, b] = [of, ...parts].map((name) =>
    columns.find((each) => each.name === name && each.type === 'number'),
  );
  if (total === undefined || a === undefined || b === undefined) return undefined;
  const rows = drawnRows(rowCount);
  return held(measuredOf(total, rows), measuredOf(a, rows), measuredOf(b, rows));
}

interface Measured {
  readonly column: string;
  readonly values: Float64Array;
  readonly deviation: number;
  /** Half of the step that they are rounded to. */
  readonly half: number;
}

function drawnRows(rowCount: number): Uint32Array {
  return permutation(rowCount, random(1, 'sums')).subarray(0, MOST_ROWS);
}

function measuredOf(column: Column, rows: Uint32Array): Measured {
  const all = numbersOf(column);
  const values = Float64Array.from(rows, (row) => all[row]!);
  const present = values.filter((value) => !Number.isNaN(value));
  return { column: column.name, values, deviation: deviationOf(present), half: stepOf(present) / 2 };
}

function isFine(all: readonly Measured[]): boolean {
  const rounding = all.reduce((sum, { half }) => sum + half, 0);
  return all.every(({ deviation }) => deviation > FINE * rounding);
}

/** Asks the first rows: of thousands of threes of columns, hardly any is a sum. */
function isLikely(total: Measured, a: Measured, b: Measured): boolean {
  let [asked, off] = [0, 0];
  for (let row = 0; row < total.values.length && asked < FIRST_ROWS && off <= FEW; row++) {
    if (!isAsked(total, a, b, row)) continue;
    asked++;
    if (!isSum(total, a, b, row)) off++;
  }
  return off <= FEW;
}

function held(total: Measured, a: Measured, b: Measured): Pick<Sum, 'rows' | 'share'> {
  let [rows, equal] = [0, 0];
  for (let row = 0; row < total.values.length; row++) {
    if (!isAsked(total, a, b, row)) continue;
    rows++;
    if (isSum(total, a, b, row)) equal++;
  }
  return { rows, share: Number((equal / Math.max(1, rows)).toFixed(5)) };
}

/** Where one of them is 0, the others are equal: that is another rule. */
function isAsked(total: Measured, a: Measured, b: Measured, row: number): boolean {
  return Math.abs(total.values[row]! * a.values[row]! * b.values[row]!) > 0;
}

function isSum(total: Measured, a: Measured, b: Measured, row: number): boolean {
  const [sum, x, y] = [total.values[row]!, a.values[row]!, b.values[row]!];
  const exact = EXACT * Math.max(Math.abs(sum), Math.abs(x), Math.abs(y));
  return Math.abs(sum - x - y) <= total.half + a.half + b.half + exact;
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
