/** What every data source returns, and how its rows are divided. */
import { createHash } from 'node:crypto';
import { InputError } from '../../shared/errors.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { CategoryColumn } from './table.ts';

/** Row numbers, from 0: every row is in exactly one part. */
export interface Parts {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

export interface Dataset {
  /** Where the rows came from, for the manifest. */
  readonly source: string;
  /** Shape of one row, for instance `[28, 28]`; its product is the number of features. */
  readonly rowShape: readonly number[];
  /** One name per feature; null where features are positions, as in an image. */
  readonly featureNames: readonly string[] | null;
  readonly rows: Matrix;
  /** A published test set, where there is one; otherwise a share of `rows` is held out. */
  readonly test?: Matrix;
  /** How the rows are divided (`splits.ts`), in place of `test` and of chance. */
  readonly parts?: Parts;
  /** The class of each of `rows`, where the source tells; no model sees it. */
  readonly labels?: CategoryColumn;
}

export interface Split {
  readonly train: Matrix;
  readonly validation: Matrix;
  readonly test: Matrix;
}

export interface Shares {
  /** Share of the rows held out for choosing the best epoch, in (0, 1). */
  readonly validation: number;
  /** Share of the rows held out for the final figures, in (0, 1); unused where the data has a test set. */
  readonly test: number;
}

/**
 * Divides the rows as `parts` says or, without it, at random and repeatably by seed; every part holds at least one row.
 * @throws {InputError} when there are too few rows.
 */
export function split(dataset: Dataset, shares: Shares, seed: number): Split {
  const { rows, parts } = dataset;
  if (parts !== undefined) {
    const { train, validation, test } = parts;
    return {
      train: takeRows(rows, train),
      validation: takeRows(rows, validation),
      test: takeRows(rows, test),
    };
  }
  const validationCount = countOf(rows.rowCount, shares.validation);
  const testCount = dataset.test === undefined ? countOf(rows.rowCount, shares.test) : 0;
  const trainCount = rows.rowCount - validationCount - testCount;
  if (trainCount < 1) {
    throw new InputError(
      `${dataset.source}: expected rows to train on beside ${validationCount} for validation and ${testCount} for testing, received ${rows.rowCount} in all; lower validationShare and testShare, or bring more rows`,
    );
  }
  const order = permutation(rows.rowCount, random(seed, 'split'));
  return {
    train: takeRows(rows, order.subarray(0, trainCount)),
    validation: takeRows(rows, order.subarray(trainCount, trainCount + validationCount)),
    test: dataset.test ?? takeRows(rows, order.subarray(trainCount + validationCount)),
  };
}

/** How many of so many rows a share is: one at least. */
export function countOf(rowCount: number, share: number): number {
  return Math.max(1, Math.round(rowCount * share));
}

/** The rows at `indices`, in that order, copied into `into` where given (it must be large enough). */
export function takeRows(
  { data, width }: Matrix,
  indices: Uint32Array,
  into = new Float32Array(indices.length * width),
): Matrix {
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * width;
    into.set(data.subarray(start, start + width), i * width);
  }
  const filled = indices.length * width;
  return { data: into.length === filled ? into : into.subarray(0, filled), rowCount: indices.length, width };
}

/** Consecutive slices of at most `size` rows; views, not copies. */
export function* batches({ data, rowCount, width }: Matrix, size: number): Generator<Matrix> {
  for (let start = 0; start < rowCount; start += size) {
    const end = Math.min(start + size, rowCount);
    yield { data: data.subarray(start * width, end * width), rowCount: end - start, width };
  }
}

/** sha256, in hex, over the shape and every value of the rows, in order, and over how they are divided. */
export function fingerprint({ rows, test, parts }: Dataset): string {
  const hash = createHash('sha256');
  for (const { data, rowCount, width } of test === undefined ? [rows] : [rows, test]) {
    hash.update(`${rowCount}x${width};`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  if (parts !== undefined) {
    for (const indices of [parts.train, parts.validation, parts.test]) {
      hash.update(`${indices.length};`);
      hash.update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
    }
  }
  return hash.digest('hex');
}
