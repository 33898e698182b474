/** A profile of the rows that a model was trained on: what later data is compared with. */
import * as z from 'zod';
import { permutation, random } from '../../shared/random.ts';
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import { CategoryPairs, categoryPairsOf } from './categoryPairs.ts';
import { clusteringOf } from './clustering.ts';
import { ColumnProfile, columnProfile } from './columnProfile.ts';
import type { Dataset } from './dataset.ts';
import { Gaps, gapsOf } from './gaps.ts';
import { halfDistances } from './halves.ts';
import { nearHashes } from './nearCopies.ts';
import { Ordered, orderedPairs } from './ordered.ts';
import { Ratio, ratiosOf } from './ratios.ts';
import { Relations, relationsOf } from './relations.ts';
import { countDistinct, type RowHashes } from './rowHashes.ts';
import { hashesOf } from './rowKeys.ts';
import { SeenRows } from './seenRows.ts';
import { Sum, sumsOf } from './sums.ts';
import type { CategoryColumn, Column, NumberColumn } from './table.ts';
import { atOnce, type Work } from './turns.ts';

const DistinctRows = z.object({
  /** Count of distinct rows. */
  distinct: z.number(),
  /**
   * Exponent of the growth of the distinct rows with the rows (Heaps, 1978): 1 if all are distinct, 0 if no
   * more are to come.
   */
  growth: z.number(),
});

export type DistinctRows = z.infer<typeof DistinctRows>;

/** `profile.json` of an artifact. It holds distributions and correlations of columns, and no row. */
export const Profile = DistinctRows.extend({
  rows: z.number().int(),
  /** The same of rounded rows; undefined for few columns of numbers, and in profiles of earlier releases. */
  near: DistinctRows.optional(),
  columns: z.array(ColumnProfile),
  /** Undefined in profiles of earlier releases. */
  relations: Relations.optional(),
  /** Undefined in profiles of earlier releases. */
  ordered: z.array(Ordered).optional(),
  /** Undefined with fewer than two columns of categories, and in profiles of earlier releases. */
  pairs: CategoryPairs.optional(),
  /** Undefined with fewer than two columns, or none of numbers, and in profiles of earlier releases. */
  gaps: Gaps.optional(),
  /** Undefined in profiles of earlier releases. */
  ratios: z.array(Ratio).optional(),
  /** Undefined in profiles of earlier releases. */
  sums: z.array(Sum).optional(),
  /** The rows that the model has seen in training; undefined for a profile of data alone. */
  seen: SeenRows.optional(),
});

export type Profile = z.infer<typeof Profile>;

/** The name of the file, in an artifact and in a bucket. */
export const PROFILE_FILE = 'profile.json';

/** Wider rows, such as images, are described by their means and deviations. */
const MOST_COLUMNS = 100;

const known = new WeakMap<Dataset<Rows>, Profile>();

/** Describes the rows of a data set; cached per data set. */
export function profileOf(data: Dataset<Rows>): Profile {
  return atOnce(profiling(data));
}

/** The same in parts: of many rows, it takes seconds. */
export function* profiling(data: Dataset<Rows>): Work<Profile> {
  const made = known.get(data) ?? (yield* profiled(data));
  known.set(data, made);
  return made;
}

function* profiled(data: Dataset<Rows>): Work<Profile> {
  const rows = data.rows.rowCount;
  const described = describedColumns(data);
  const alone: ColumnProfile[] = [];
  // Half of the time goes to the columns one by one.
  for (const column of described) {
    alone.push(columnProfile(column));
    yield alone.length / described.length / 2;
  }
  const columns = withOrder(described, alone, rows);
  const hashes = hashesOf(data);
  yield 0.7;
  const distinct = distinctOf(hashes);
  yield 0.8;
  const near = nearHashes(described, columns, rows);
  yield 0.9;
  const pairs = categoryPairsOf(described, rows);
  const gaps = gapsOf(described, rows);
  return {
    ...{ rows, ...distinct, columns, relations: relationsOf(described, rows) },
    ordered: orderedPairs(described, columns, rows),
    ratios: ratiosOf(described, rows),
    sums: sumsOf(described, rows),
    ...(near && { near: distinctOf(near) }),
    ...(pairs && { pairs }),
    ...(gaps && { gaps }),
  };
}

/** Adds what the order of the rows tells: how far the halves are apart, and whether rows next to one another are alike. */
function withOrder(
  described: readonly Column[],
  profiles: readonly ColumnProfile[],
  rows: number,
): ColumnProfile[] {
  const apart = new Map<string, number>();
  for (const { column, own, other } of halfDistances(described, rows, profiles))
    apart.set(column, Math.max(apart.get(column) ?? 0, Math.abs(own - other)));
  return profiles.map((each, i) => {
    const [halves, clustering] = [apart.get(each.name), clusteringOf(described[i]!, each)];
    return {
      ...each,
      ...(halves !== undefined && { halves: Number(halves.toFixed(4)) }),
      ...(clustering > 1 && { clustering: Number(clustering.toFixed(2)) }),
    };
  });
}

function distinctOf(hashes: RowHashes): DistinctRows {
  const distinct = countDistinct(hashes);
  return { distinct, growth: growthOf(hashes, distinct) };
}

/** The growth from a random half of the rows to all of them. */
function growthOf(hashes: RowHashes, distinct: number): number {
  const rows = hashes.high.length;
  const half = Math.floor(rows / 2);
  if (half === 0) return 1;
  const order = permutation(rows, random(1, 'profile')).subarray(0, half);
  const some = countDistinct({
    high: order.map((row) => hashes.high[row]!),
    low: order.map((row) => hashes.low[row]!),
  });
  return Math.min(1, Math.max(0, Math.log(distinct / some) / Math.log(rows / half)));
}

/**
 * The columns that a profile describes: features, targets and times of a table; otherwise the values of the rows
 * or, of wide rows, what summarises them.
 */
export function describedColumns(data: Dataset<Rows>): Column[] {
  const { rows, labels, observed, featureNames } = data;
  const named = observed?.columns ?? [];
  const own = labels !== undefined && !named.some(({ name }) => name === labels.name);
  const marked = own ? [labelColumn(data.labels!, rows.rowCount)] : [];
  if (observed !== undefined) return [...named, ...marked];
  if (isSparse(rows)) return [itemCounts(rows.rowStarts), ...marked];
  const names = featureNames ?? Array.from({ length: rows.width }, (_, i) => `feature ${i + 1}`);
  return [...(rows.width <= MOST_COLUMNS ? numbersIn(rows, names) : momentsOf(rows)), ...marked];
}

function labelColumn({ name, classes, rows }: NonNullable<Dataset['labels']>, count: number): CategoryColumn {
  const codes = Int32Array.from({ length: count }, (_, row) => rows[row]!);
  return { type: 'category', name: name ?? 'label', categories: classes, codes };
}

function itemCounts(rowStarts: Uint32Array): NumberColumn {
  const values = Float64Array.from(rowStarts.subarray(1), (end, row) => end - rowStarts[row]!);
  return { type: 'number', name: 'items of a user', values };
}

function numbersIn({ data, rowCount, width }: Matrix, names: readonly string[]): NumberColumn[] {
  return names.map((name, column) => ({
    type: 'number',
    name,
    values: Float64Array.from({ length: rowCount }, (_, row) => data[row * width + column]!),
  }));
}

/** Mean and deviation of the values of each row. */
function momentsOf({ data, rowCount, width }: Matrix): NumberColumn[] {
  const mean = new Float64Array(rowCount);
  const deviation = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    let [sum, squares] = [0, 0];
    for (let i = row * width; i < (row + 1) * width; i++) {
      sum += data[i]!;
      squares += data[i]! ** 2;
    }
    mean[row] = sum / width;
    deviation[row] = Math.sqrt(Math.max(0, squares / width - mean[row]! ** 2));
  }
  return [
    { type: 'number', name: 'mean of a row', values: mean },
    { type: 'number', name: 'deviation within a row', values: deviation },
  ];
}
