/** Columns in a few parts: ranges of numbers, values that many rows share, and categories. */
import * as z from 'zod';
import { quantile } from '../../shared/quantile.ts';
import { firstAt } from './ranks.ts';
import { type Column, isMissing, numbersOf } from './table.ts';

export const DividedColumn = z.object({
  column: z.string(),
  /** Of numbers: where one range ends and the next begins, ascending. */
  edges: z.array(z.number()).optional(),
  /** Categories or, of numbers, values that many rows share: they are in no range, and next to none. */
  values: z.array(z.string()),
});

export type DividedColumn = z.infer<typeof DividedColumn>;

/** Shares of the rows below the edges: if the numbers are normal, ranges are about a quarter of a deviation wide. */
const BELOW = [0.01, 0.02, 0.035, 0.06, 0.1, 0.15, 0.2, 0.275, 0.35, 0.425] as const;
const EDGES = [...BELOW, 0.5, ...BELOW.map((share) => 1 - share).reverse()];
/** Edges from which on numbers have ranges. Fewer values are told one by one. */
const LEAST_EDGES = 5;
/** Share of the rows from which on a value of numbers is a part of its own, such as a fee of 0. */
const SHARED = 0.1;
/** Rows of a column that is divided, and of a category. */
const LEAST_ROWS = 30;
const MOST_VALUES = 20;

/** Returns undefined for times, and for columns of a single part, or of many values that few rows have. */
export function dividedColumn(column: Column, rows: Uint32Array): DividedColumn | undefined {
  if (column.type === 'date') return undefined;
  const all = numbersOf(column);
  const present = Float64Array.from(
    rows.filter((row) => !isMissing(column, row)),
    (row) => all[row]!,
  ).sort();
  const runs = runsOf(present);
  if (column.type === 'number') {
    const shared = runs.flatMap(([value, count]) => (count >= SHARED * present.length ? [value] : []));
    const others = present.filter((value) => !shared.includes(value));
    const edges = others.length < LEAST_ROWS ? [] : edgesOf(others);
    if (edges.length >= LEAST_EDGES) return { column: column.name, edges, values: shared.map(String) };
    if (runs.length > MOST_VALUES) return undefined;
  }
  const values = runs
    .filter(([, count]) => count >= LEAST_ROWS)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_VALUES)
    .map(([value]) => textOf(column, value));
  return values.length < 2 ? undefined : { column: column.name, values };
}

/** The part that each of these rows is in; -1 for missing values, and for those of no part. Undefined for times, and for other than numbers where there are ranges. */
export function partsOf(
  column: Column,
  { edges, values }: DividedColumn,
  rows: Uint32Array,
): Int8Array | undefined {
  if (column.type === 'date' || (edges !== undefined && column.type !== 'number')) return undefined;
  const places = new Map(values.map((text, place) => [text, place]));
  const all = numbersOf(column);
  const known = new Map<number, number>();
  return Int8Array.from(rows, (row) => {
    if (isMissing(column, row)) return -1;
    const value = all[row]!;
    const place = known.get(value);
    if (place !== undefined) return place;
    const own = places.get(textOf(column, value));
    if (own === undefined && edges !== undefined)
      return values.length + firstAt(edges, (edge) => edge > value);
    known.set(value, own ?? -1);
    return own ?? -1;
  });
}

export function partCount({ edges, values }: DividedColumn): number {
  return values.length + (edges === undefined ? 0 : edges.length + 1);
}

/** The parts that a value may be in after a small move: of a range, those up to so many ranges away. */
export function partsNear(part: number, column: DividedColumn, reach: number): number[] {
  const first = column.values.length;
  if (part < first) return [part];
  const low = Math.max(first, part - reach);
  return Array.from({ length: Math.min(partCount(column) - 1, part + reach) - low + 1 }, (_, i) => low + i);
}

export function partText({ edges = [], values }: DividedColumn, part: number): string {
  if (part < values.length) return values[part]!;
  const [from, to] = [part - 1, part].map((at) => edges[at - values.length]);
  const [low, high] = [from, to].map((edge) => edge && Number(edge.toPrecision(4)));
  if (from === undefined) return `below ${high}`;
  return to === undefined ? `${low} or more` : `${low} to ${high}`;
}

function edgesOf(ascending: Float64Array): number[] {
  const edges = new Set(EDGES.map((share) => quantile(ascending, share)));
  // Nothing lies below the smallest value.
  return [...edges].filter((edge) => edge > ascending[0]!);
}

/** Distinct values and their rows. */
function runsOf(ascending: Float64Array): [value: number, count: number][] {
  const runs: [number, number][] = [];
  for (const value of ascending) {
    const last = runs.at(-1);
    if (last?.[0] === value) last[1]++;
    else runs.push([value, 1]);
  }
  return runs;
}

function textOf(column: Column, value: number): string {
  if (column.type === 'category') return column.categories[value]!;
  return column.type === 'boolean' ? String(value === 1) : String(value);
}
