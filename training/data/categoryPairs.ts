/** How often the categories of two columns occur together, in counts that hold no row. */
import * as z from 'zod';
import { permutation, random } from '../../shared/random.ts';
import { type Column, isMissing, numbersOf } from './table.ts';

export const CategoryPairs = z.object({
  /** Columns of categories, of booleans, and of numbers with two values; and their frequent categories. */
  columns: z.array(z.object({ column: z.string(), categories: z.array(z.string()) })),
  /** For each two of these columns, by their places: */
  pairs: z.array(
    z.object({
      first: z.number().int(),
      second: z.number().int(),
      /** Rows of each pair of their categories, those of the first category of the first column first; 1 to 4 are told as 4. */
      counts: z.array(z.number().int()),
      /** Share of these rows in pairs that one half of the rows has and the other has not. */
      halved: z.number(),
    }),
  ),
});

export type CategoryPairs = z.infer<typeof CategoryPairs>;
export type PairColumn = CategoryPairs['columns'][number];

/** Rows that a category has at least. */
const LEAST_ROWS = 30;
const MOST_CATEGORIES = 20;
const MOST_COLUMNS = 24;
/** Pairs of categories in all. Columns of few categories, such as labels, go first. */
const MOST_PAIRS = 10_000;
/** Rows that are counted, drawn at random if there are more. */
const MOST_ROWS = 100_000;
/** So few rows of a pair are not told exactly, as they say much about each of them. */
const FEW = 4;
/** Rows in a row that are of the same half: those of one user, say, are alike. */
const BLOCK = 50;

/** Counts the pairs of frequent categories; undefined if there is one column of them, or none. */
export function categoryPairsOf(columns: readonly Column[], rowCount: number): CategoryPairs | undefined {
  const found = columns.flatMap((column): PairColumn[] => {
    const categories = frequentIn(column, rowCount);
    return categories.length < 2 ? [] : [{ column: column.name, categories }];
  });
  const chosen = withinBounds(found);
  if (chosen.length < 2) return undefined;
  const rows = countedRows(rowCount);
  const codes = chosen.map((each) => codesOf(columns, each, rows)!);
  const pairs = chosen.flatMap(({ categories }, second) =>
    chosen.slice(0, second).map((other, first) => {
      const [a, b] = [codes[first]!, codes[second]!];
      const halves = [0, 1].map((half) =>
        countedPairs(a, b, other.categories.length, categories.length, half),
      );
      const counts = Array.from(halves[0]!, (count, i) => count + halves[1]![i]!);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const halved = counts.reduce(
        (sum, count, i) => sum + (halves.some((half) => half[i] === 0) ? count : 0),
        0,
      );
      return {
        ...{ first, second },
        counts: counts.map((count) => (count === 0 ? 0 : Math.max(FEW, count))),
        halved: Number((halved / Math.max(1, total)).toFixed(5)),
      };
    }),
  );
  return { columns: chosen, pairs };
}

/** Counts the pairs of known categories in other rows, in the order of `pairs`; undefined where a column is not there. */
export function countsOfPairs(
  columns: readonly Column[],
  rowCount: number,
  known: CategoryPairs,
): (Uint32Array | undefined)[] {
  const rows = countedRows(rowCount);
  const codes = known.columns.map((each) => codesOf(columns, each, rows));
  return known.pairs.map(({ first, second }) => {
    const [a, b] = [codes[first], codes[second]];
    const [ofA, ofB] = [known.columns[first]!, known.columns[second]!];
    return a && b && countedPairs(a, b, ofA.categories.length, ofB.categories.length);
  });
}

/** In their order, by which rows next to one another are told. */
function countedRows(rowCount: number): Uint32Array {
  return permutation(rowCount, random(1, 'pairs')).subarray(0, MOST_ROWS).sort();
}

/** @param half 0 or 1: counts the rows of every other block alone. */
function countedPairs(a: Int32Array, b: Int32Array, ofA: number, ofB: number, half?: number): Uint32Array {
  const counts = new Uint32Array(ofA * ofB);
  for (let row = 0; row < a.length; row++) {
    if (half !== undefined && Math.floor(row / BLOCK) % 2 !== half) continue;
    if (a[row]! >= 0 && b[row]! >= 0) counts[a[row]! * ofB + b[row]!]!++;
  }
  return counts;
}

/** Categories as texts, the most frequent first. */
function frequentIn(column: Column, rowCount: number): string[] {
  if (column.type === 'date') return [];
  const counts = new Map<number, number>();
  const values = numbersOf(column);
  for (let row = 0; row < rowCount; row++) {
    if (isMissing(column, row)) continue;
    const value = values[row]!;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    // Numbers with more values are no categories.
    if (column.type === 'number' && counts.size > 2) return [];
  }
  return [...counts]
    .filter(([, count]) => count >= LEAST_ROWS)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MOST_CATEGORIES)
    .map(([value]) => textOf(column, value));
}

function textOf(column: Column, value: number): string {
  if (column.type === 'category') return column.categories[value]!;
  return column.type === 'boolean' ? String(value === 1) : String(value);
}

function withinBounds(found: readonly PairColumn[]): PairColumn[] {
  const ascending = found.toSorted((a, b) => a.categories.length - b.categories.length);
  const chosen: PairColumn[] = [];
  let [categories, pairs] = [0, 0];
  for (const each of ascending.slice(0, MOST_COLUMNS)) {
    pairs += categories * each.categories.length;
    if (pairs > MOST_PAIRS) break;
    categories += each.categories.length;
    chosen.push(each);
  }
  return chosen;
}

/** The place of each row's category among those that are known; -1 for others, and for missing values. */
function codesOf(
  columns: readonly Column[],
  { column: name, categories }: PairColumn,
  rows: Uint32Array,
): Int32Array | undefined {
  const column = columns.find((each) => each.name === name);
  if (column === undefined || column.type === 'date') return undefined;
  const places = new Map(categories.map((text, place) => [text, place]));
  const values = numbersOf(column);
  const placeOf = new Map<number, number>();
  return Int32Array.from(rows, (row) => {
    if (isMissing(column, row)) return -1;
    const value = values[row]!;
    const known = placeOf.get(value) ?? places.get(textOf(column, value)) ?? -1;
    placeOf.set(value, known);
    return known;
  });
}
