/** How far each column of a half of a table lies from known distributions: what changed while rows were collected. */
import { permutation, random } from '../../shared/random.ts';
import type { ColumnProfile } from './columnProfile.ts';
import { rankOf } from './ranks.ts';
import { ordersOf } from './rowOrders.ts';
import { type Column, selectFrom } from './table.ts';

/** Quarters that make up one half, the others being the other one. */
const HALVES = [
  { name: 'the last half', quarters: [2, 3] },
  { name: 'the middle half', quarters: [1, 2] },
  { name: 'the second and fourth quarter', quarters: [1, 3] },
] as const;

/** Rows that a category has in each half at least: fewer say little about it. */
const LEAST_ROWS = 30;

/** Rows that are compared: more take seconds and tell no more. */
const MOST_ROWS = 100_000;

/** Mean distances of two halves from a known distribution, in its standard deviations. */
export interface HalfDistances {
  readonly column: string;
  /** The column, its distance from the middle, or a category. */
  readonly what: string;
  /** Names the first half, and the order that the halves are of. */
  readonly where: string;
  readonly own: number;
  readonly other: number;
  /** Rows with a value in each half. */
  readonly rows: number;
}

/** Compares all halves, in the order of the rows and in that of every time, with known columns. */
export function halfDistances(
  columns: readonly Column[],
  rowCount: number,
  known: readonly ColumnProfile[],
): HalfDistances[] {
  if (rowCount > MOST_ROWS) {
    const sampled = permutation(rowCount, random(1, 'halves')).subarray(0, MOST_ROWS).sort();
    const some = columns.map((column) => selectFrom(column, sampled));
    return halfDistances(some, MOST_ROWS, known);
  }
  const scores = columns.flatMap((column) => scoresOf(column, known));
  return ordersOf(columns, rowCount).flatMap(({ name, rows }) =>
    HALVES.flatMap((half) =>
      scores.flatMap((score): HalfDistances[] => {
        const { column, what, least } = score;
        const [own, other] = meansOf(score, rows, half.quarters);
        const count = Math.min(own.count, other.count);
        if (count < least) return [];
        return [
          {
            ...{ column, what, own: own.mean, other: other.mean, rows: count },
            where: `${half.name} ${name}`,
          },
        ];
      }),
    ),
  );
}

interface Score extends Pick<HalfDistances, 'column' | 'what'> {
  /** Distance of each row from the known mean, in known standard deviations; NaN is missing. */
  readonly values: Float64Array;
  /** Rows that are compared at least. */
  readonly least: number;
}

function scoresOf(column: Column, known: readonly ColumnProfile[]): Score[] {
  const old = known.find(({ name, type }) => name === column.name && type === column.type);
  if (old === undefined || column.type === 'date') return [];
  if (column.type === 'number' && old.shares === undefined) return rankScores(column.values, old);
  return (old.shares ?? []).flatMap(([value, share]) => {
    const deviation = Math.sqrt(share * (1 - share));
    if (deviation === 0) return [];
    return {
      ...{
        column: column.name,
        what: `${column.name} ${value}`,
        least: LEAST_ROWS / Math.min(share, 1 - share),
      },
      values: indicators(column, value).map((each) => (each - share) / deviation),
    };
  });
}

/** 1 where a column has a value, and 0 elsewhere; NaN is missing. */
function indicators(column: Column, value: string): Float64Array {
  if (column.type === 'category') {
    const wanted = column.categories.indexOf(value);
    return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : Number(code === wanted)));
  }
  const wanted = column.type === 'boolean' ? Number(value === 'true') : Number(value);
  return Float64Array.from(column.values, (each) => (Number.isNaN(each) ? each : Number(each === wanted)));
}

/** Ranks among the known values, and how far these are from the middle. */
function rankScores(values: ArrayLike<number>, { name, quantiles }: ColumnProfile): Score[] {
  if (quantiles === undefined) return [];
  const middles = quantiles.slice(1).map((value, i) => rankOf((value + quantiles[i]!) / 2, quantiles));
  const ranks = Float64Array.from(values, (value) => rankOf(value, quantiles));
  const scores = [
    { what: name, of: (rank: number) => rank },
    { what: `distance from the middle of ${name}`, of: (rank: number) => Math.abs(rank - 0.5) },
  ];
  return scores.flatMap(({ what, of }) => {
    const old = middles.map(of);
    const mean = old.reduce((sum, each) => sum + each, 0) / old.length;
    const deviation = Math.sqrt(old.reduce((sum, each) => sum + (each - mean) ** 2, 0) / old.length);
    if (deviation === 0) return [];
    return { column: name, what, values: ranks.map((rank) => (of(rank) - mean) / deviation), least: 1 };
  });
}

function meansOf({ values }: Score, rows: Uint32Array, quarters: readonly number[]) {
  const halves = [0, 1].map(() => ({ count: 0, sum: 0 }));
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (Number.isNaN(value)) continue;
    const half = halves[quarters.includes(Math.floor((4 * i) / rows.length)) ? 0 : 1]!;
    half.count++;
    half.sum += value;
  }
  return halves.map(({ count, sum }) => ({ count, mean: sum / count })) as [
    { count: number; mean: number },
    { count: number; mean: number },
  ];
}
