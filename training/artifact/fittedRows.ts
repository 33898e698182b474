/** The rows that everything is fitted to once the weights are final. */
import { permutation, random } from '../../shared/random.ts';
import { isSparse, type Rows } from '../../shared/tensor.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import { type Split, splitDataset } from '../data/split.ts';

/**
 * Most training and validation rows for thresholds, p-values, predictors, PCA and scores: those of a million rows
 * would be the same within what chance makes of them, and take minutes.
 */
const MOST_FITTED = 100_000;

export interface SplitRows {
  readonly split: Split<Rows>;
  /** The rows in each part of the split. */
  readonly parts: Parts;
}

/**
 * Returns the split with random samples of its training and validation rows, if there are more of them. All test
 * rows stay. Sparse rows stay, too: recommenders are compared with rankers that are fitted to all users. So do the rows
 * of data with a published test set, whose figures are compared with published ones.
 */
export function fittedRows(data: Dataset<Rows>, { split, parts }: SplitRows, seed: number): SplitRows {
  const counts = { train: parts.train.length, validation: parts.validation.length };
  if (!isSampled(data, counts)) return { split, parts };
  const sampled = {
    train: sampleOf(parts.train, seed, 'train'),
    validation: sampleOf(parts.validation, seed, 'validation'),
    test: parts.test,
  };
  return {
    split: splitDataset({ ...data, parts: sampled }, { validation: 0, test: 0 }, seed),
    parts: sampled,
  };
}

type Counts = Readonly<Record<'train' | 'validation', number>>;

function isSampled({ rows, test, parts }: Dataset<Rows>, { train, validation }: Counts): boolean {
  const isPublished = test !== undefined && parts === undefined;
  return Math.max(train, validation) > MOST_FITTED && !isSparse(rows) && !isPublished;
}

/** Says, for people, that not all rows are fitted to; undefined if they are. */
export function sampleNote(data: Dataset<Rows>, counts: Counts): string | undefined {
  if (!isSampled(data, counts)) return undefined;
  const shown = (rows: number) =>
    `${Math.min(rows, MOST_FITTED).toLocaleString('en')} of ${rows.toLocaleString('en')}`;
  return `thresholds, p-values, predictors, PCA and scores are fitted to ${shown(counts.train)} training rows and ${shown(counts.validation)} validation rows, drawn at random (--seed), which chance hardly changes; metrics are of all test rows`;
}

function sampleOf(rows: Uint32Array, seed: number, part: string): Uint32Array {
  if (rows.length <= MOST_FITTED) return rows;
  const chosen = permutation(rows.length, random(seed, `fitted/${part}`)).subarray(0, MOST_FITTED);
  return chosen.sort().map((at) => rows[at]!);
}
