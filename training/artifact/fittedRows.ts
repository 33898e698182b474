/** The rows that everything is fitted to, and measured on, once the weights are final. */
import { permutation, random } from '../../shared/random.ts';
import { isSparse, type Rows } from '../../shared/tensor.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import { type Split, splitDataset } from '../data/split.ts';

/**
 * Most rows of each part. Thresholds, p-values, predictors, PCA and scores are fitted to training and validation
 * rows, and metrics are of test rows: those of a million rows would be the same within what chance makes of them,
 * and take minutes. Anomalies among the test rows are rare, so that more of these stay.
 */
const MOST: Readonly<Record<keyof Parts, number>> = { train: 50_000, validation: 50_000, test: 100_000 };
const PARTS = Object.keys(MOST) as (keyof Parts)[];

export interface SplitRows {
  readonly split: Split<Rows>;
  /** The rows in each part of the split. */
  readonly parts: Parts;
}

/**
 * Returns the split with random samples of its parts, if they have more rows. Sparse rows all stay: recommenders are
 * compared with rankers that are fitted to all users. So do the rows of data with a published test set, whose figures
 * are compared with published ones.
 */
export function fittedRows(data: Dataset<Rows>, { split, parts }: SplitRows, seed: number): SplitRows {
  if (!isSampled(data, countsOf(parts))) return { split, parts };
  const sampled = {
    train: sampleOf(parts, 'train', seed),
    validation: sampleOf(parts, 'validation', seed),
    test: sampleOf(parts, 'test', seed),
  };
  return {
    split: splitDataset({ ...data, parts: sampled }, { validation: 0, test: 0 }, seed),
    parts: sampled,
  };
}

type Counts = Readonly<Record<keyof Parts, number>>;

function countsOf({ train, validation, test }: Parts): Counts {
  return { train: train.length, validation: validation.length, test: test.length };
}

function isSampled({ rows, test, parts }: Dataset<Rows>, counts: Counts): boolean {
  const isPublished = test !== undefined && parts === undefined;
  return PARTS.some((part) => counts[part] > MOST[part]) && !isSparse(rows) && !isPublished;
}

/** Says, for people, that not all rows are used; undefined if they are. */
export function sampleNote(data: Dataset<Rows>, counts: Counts): string | undefined {
  if (!isSampled(data, counts)) return undefined;
  const shown = (part: keyof Parts) =>
    `${Math.min(counts[part], MOST[part]).toLocaleString('en')} of ${counts[part].toLocaleString('en')}`;
  return `thresholds, p-values, predictors, PCA and scores are fitted to ${shown('train')} training rows and ${shown('validation')} validation rows, and metrics are of ${shown('test')} test rows, drawn at random (--seed), which chance hardly changes`;
}

function sampleOf(parts: Parts, part: keyof Parts, seed: number): Uint32Array {
  const rows = parts[part];
  if (rows.length <= MOST[part]) return rows;
  const chosen = permutation(rows.length, random(seed, `fitted/${part}`)).subarray(0, MOST[part]);
  return chosen.sort().map((at) => rows[at]!);
}
