/** What every data source returns, and how its rows are divided. */
import { createHash } from 'node:crypto';
import { InputError } from '../../shared/errors.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';

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
  /** What each row shows, one per row of `rows`: training never sees them, only figures do. */
  readonly labels?: readonly string[];
  /** The same for `test`. */
  readonly testLabels?: readonly string[];
}

export interface Split {
  readonly train: Matrix;
  readonly validation: Matrix;
  readonly test: Matrix;
  /** One per test row, where the data has labels. */
  readonly testLabels: readonly string[] | undefined;
}

export interface Shares {
  /** Share of the rows held out for choosing the best epoch, in (0, 1). */
  readonly validation: number;
  /** Share of the rows held out for the final figures, in (0, 1); unused where the data has a test set. */
  readonly test: number;
}

/**
 * Divides the rows at random, repeatably by seed; every part holds at least one row.
 * @throws {InputError} when there are too few rows.
 */
export function split(dataset: Dataset, shares: Shares, seed: number): Split {
  const { rows } = dataset;
  const part = (share: number) => Math.max(1, Math.round(rows.rowCount * share));
  const validationCount = part(shares.validation);
  const testCount = dataset.test === undefined ? part(shares.test) : 0;
  const trainCount = rows.rowCount - validationCount - testCount;
  if (trainCount < 1) {
    throw new InputError(
      `${dataset.source}: expected rows to train on beside ${validationCount} for validation and ${testCount} for testing, received ${rows.rowCount} in all; lower validationShare and testShare, or bring more rows`,
    );
  }
  const order = permutation(rows.rowCount, random(seed, 'split'));
  const heldOut = order.subarray(trainCount + validationCount);
  return {
    train: takeRows(rows, order.subarray(0, trainCount)),
    validation: takeRows(rows, order.subarray(trainCount, trainCount + validationCount)),
    test: dataset.test ?? takeRows(rows, heldOut),
    testLabels:
      dataset.test === undefined && dataset.labels !== undefined
        ? Array.from(heldOut, (row) => dataset.labels![row]!)
        : dataset.testLabels,
  };
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

/** sha256, in hex, over the shape and every value of the rows, in order. */
export function fingerprint({ rows, test }: Dataset): string {
  const hash = createHash('sha256');
  for (const { data, rowCount, width } of test === undefined ? [rows] : [rows, test]) {
    hash.update(`${rowCount}x${width};`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
