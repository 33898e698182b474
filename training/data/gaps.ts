/** Where the rows of a table lie in the plane of two columns, on a coarse grid that holds no row. */
import * as z from 'zod';
import { permutation, random } from '../../shared/random.ts';
import { DividedColumn, dividedColumn, partCount, partsNear, partsOf } from './columnParts.ts';
import type { Column } from './table.ts';

export const Gaps = z.object({
  columns: z.array(DividedColumn),
  /** For each two of these columns, the first of which is one of ranges, by their places: */
  pairs: z.array(
    z.object({
      first: z.number().int(),
      second: z.number().int(),
      /** A bit for each cell, set if it has rows, those of the first part of the first column first; in hexadecimal digits. */
      occupied: z.string(),
      /** Share of the rows of both halves in cells that the other half has no rows in, nor next to. */
      halved: z.number(),
    }),
  ),
});

export type Gaps = z.infer<typeof Gaps>;

const MOST_NUMBERS = 16;
const MOST_OTHERS = 12;
/** Rows that are looked at, drawn at random if there are more. */
const MOST_ROWS = 50_000;
/** Rows in a row that are of the same half: those of one user are alike, and of sorted rows more would be a range. */
const BLOCK = 10;

/** Tells which cells have rows; undefined if there are no two columns, or none of numbers. */
export function gapsOf(columns: readonly Column[], rowCount: number): Gaps | undefined {
  const rows = comparedRows(rowCount);
  const divided = columns.flatMap((column) => dividedColumn(column, rows) ?? []);
  const chosen = [
    ...divided.filter(({ edges }) => edges !== undefined).slice(0, MOST_NUMBERS),
    ...divided.filter(({ edges }) => edges === undefined).slice(0, MOST_OTHERS),
  ];
  const parts = chosen.map((each) => partsIn(columns, each, rows)!);
  const pairs = chosen.flatMap((b, second) =>
    chosen.slice(0, second).flatMap((a, first): Gaps['pairs'] => {
      if (a.edges === undefined) return [];
      const of = (half: number) => rowsInCells(parts[first]!, parts[second]!, a, b, half);
      const [one, other] = [of(0), of(1)];
      const all = one.map((count, cell) => count + other[cell]!);
      const apart = rowsInGaps(one, other, a, b) + rowsInGaps(other, one, a, b);
      return [
        {
          ...{ first, second },
          occupied: bitsOf(all),
          halved: Number((apart / Math.max(1, sumOf(all))).toFixed(5)),
        },
      ];
    }),
  );
  return pairs.length === 0 ? undefined : { columns: chosen, pairs };
}

/** Rows of each cell of known grids; undefined where a column is not there. */
export function rowsOfCells(
  columns: readonly Column[],
  rowCount: number,
  { columns: divided, pairs }: Gaps,
): (Uint32Array | undefined)[] {
  const rows = comparedRows(rowCount);
  const parts = divided.map((each) => partsIn(columns, each, rows));
  return pairs.map(({ first, second }) => {
    const [a, b] = [parts[first], parts[second]];
    return a && b && rowsInCells(a, b, divided[first]!, divided[second]!);
  });
}

/**
 * True for cells that have rows, and for those next to one, as far as these ranges: by so little, honest numbers move from
 * night to night.
 */
export function isNear(
  occupied: ArrayLike<number>,
  a: DividedColumn,
  b: DividedColumn,
  [reachA, reachB] = [1, 1],
): boolean[] {
  const width = partCount(b);
  const near = new Array<boolean>(occupied.length).fill(false);
  for (let cell = 0; cell < occupied.length; cell++) {
    if (occupied[cell] === 0) continue;
    for (const i of partsNear(Math.floor(cell / width), a, reachA!))
      for (const j of partsNear(cell % width, b, reachB!)) near[i * width + j] = true;
  }
  return near;
}

const DIGIT = 4;

function bitsOf(counts: Uint32Array): string {
  return Array.from({ length: Math.ceil(counts.length / DIGIT) }, (_, digit) =>
    counts
      .subarray(digit * DIGIT, (digit + 1) * DIGIT)
      .reduce((sum, count, bit) => sum + Number(count > 0) * 2 ** bit, 0)
      .toString(16),
  ).join('');
}

/** 1 for cells that are occupied, and 0 for others. */
export function cellsOf(occupied: string): number[] {
  return Array.from(occupied).flatMap((digit) =>
    Array.from({ length: DIGIT }, (_, bit) => (Number.parseInt(digit, 16) >> bit) & 1),
  );
}

function rowsInGaps(counts: Uint32Array, known: Uint32Array, a: DividedColumn, b: DividedColumn): number {
  const near = isNear(known, a, b);
  return sumOf(counts.map((count, cell) => (near[cell] ? 0 : count)));
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** In their order, by which rows next to one another are told. */
function comparedRows(rowCount: number): Uint32Array {
  return permutation(rowCount, random(1, 'gaps')).subarray(0, MOST_ROWS).sort();
}

function partsIn(columns: readonly Column[], divided: DividedColumn, rows: Uint32Array) {
  const column = columns.find(({ name }) => name === divided.column);
  return column && partsOf(column, divided, rows);
}

/** @param half 0 or 1: counts the rows of every other block alone. */
function rowsInCells(
  a: Int8Array,
  b: Int8Array,
  ofA: DividedColumn,
  ofB: DividedColumn,
  half?: number,
): Uint32Array {
  const width = partCount(ofB);
  const counts = new Uint32Array(partCount(ofA) * width);
  for (let row = 0; row < a.length; row++) {
    if (half !== undefined && Math.floor(row / BLOCK) % 2 !== half) continue;
    if (a[row]! >= 0 && b[row]! >= 0) counts[a[row]! * width + b[row]!]!++;
  }
  return counts;
}
