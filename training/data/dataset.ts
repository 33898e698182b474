/** What every data source returns, and how its rows are divided. */
import { createHash } from 'node:crypto';
import { InputError } from '../../shared/errors.ts';
import { permutation, random } from '../../shared/random.ts';
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import type { Preprocessing } from '../preprocess/preprocessing.ts';
import type { ColumnRole } from './roles.ts';
import { densifier, sparseArrays, takeSparseRows } from './sparse.ts';

/** Row numbers, from 0: every row is in exactly one part, but where a published run validated on its test rows. */
export interface Parts {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The class of every row, as its position in `classes`; -1 where it is not known. No model sees them unless asked to. */
export interface Labels {
  /** Of the column, where they are from a table. */
  readonly name?: string;
  readonly classes: readonly string[];
  readonly rows: ArrayLike<number>;
  /** Of the rows of the test set, where there is one. */
  readonly test?: ArrayLike<number>;
}

/** A number of every row that is to be predicted. No model is trained on it. */
export interface Target {
  /** Of the column. */
  readonly name: string;
  readonly rows: ArrayLike<number>;
  /** Of the rows of the test set, where there is one. */
  readonly test?: ArrayLike<number>;
}

export interface Dataset<R extends Rows = Matrix> {
  /** Where the rows came from, for the manifest. */
  readonly source: string;
  /** Shape of one row, for instance `[28, 28]`; its product is the number of features. */
  readonly rowShape: readonly number[];
  /** Shape of a row without the columns of a condition at its end, where there are such. */
  readonly targetShape?: readonly number[];
  /** One name per feature; null where features are positions, as in an image. */
  readonly featureNames: readonly string[] | null;
  readonly rows: R;
  /** A published test set, where there is one; otherwise a share of `rows` is held out. */
  readonly test?: R;
  /** How the rows are divided (`splits.ts`), in place of `test` and of chance. */
  readonly parts?: Parts;
  readonly labels?: Labels;
  readonly target?: Target;
  /** What the columns of a table were taken for. */
  readonly roles?: readonly ColumnRole[];
  /** Where the rows are encoded columns of a table (`preprocess/dataset.ts`): exported graphs take and answer columns. */
  readonly preprocessing?: Preprocessing;
}

/** Rows of a matrix by their numbers there: a view, since a copy would take as much memory as the data. */
export interface RowView {
  readonly of: Matrix;
  readonly indices: Uint32Array;
  readonly rowCount: number;
  readonly width: number;
}

/** Rows in any form that batches can be made of. */
export type AnyRows = Rows | RowView;

export interface Split<R extends Rows = Matrix> {
  readonly train: R extends Matrix ? RowView : R;
  readonly validation: R;
  readonly test: R;
  /** Where the data has labels. */
  readonly trainLabels?: Omit<Labels, 'test'>;
  readonly testLabels?: Omit<Labels, 'test'>;
  /** Where the data has a target. */
  readonly target?: { readonly name: string } & Readonly<Record<'train' | 'test', ArrayLike<number>>>;
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
export function split<R extends Rows>(dataset: Dataset<R>, shares: Shares, seed: number): Split<R> {
  const { rows, labels, target } = dataset;
  const parts = dataset.parts ?? randomParts(dataset, shares, seed);
  const ownTest = dataset.parts === undefined ? dataset.test : undefined;
  const train: AnyRows = isSparse(rows)
    ? takeSparseRows(rows, parts.train)
    : { of: rows, indices: parts.train, rowCount: parts.train.length, width: rows.width };
  const ofTrain = (known: Known) => Array.from(parts.train, (row) => known.rows[row]!);
  const ofTest = (known: Known) =>
    ownTest === undefined ? Array.from(parts.test, (row) => known.rows[row]!) : known.test;
  const [classOfTest, targetOfTest] = [labels && ofTest(labels), target && ofTest(target)];
  return {
    train: train as Split<R>['train'],
    validation: pickRows(rows, parts.validation),
    test: ownTest ?? pickRows(rows, parts.test),
    ...(labels && { trainLabels: { ...labels, rows: ofTrain(labels) } }),
    ...(classOfTest && { testLabels: { ...labels!, rows: classOfTest } }),
    ...(targetOfTest && { target: { name: target!.name, train: ofTrain(target!), test: targetOfTest } }),
  };
}

type Known = Pick<Target, 'rows' | 'test'>;

/** No rows to test on where the data has a test set. */
function randomParts({ source, rows, test }: Dataset<Rows>, shares: Shares, seed: number): Parts {
  return randomSplit({ source, rowCount: rows.rowCount }, shares, seed, test === undefined);
}

/**
 * By chance, repeatably by seed; every part holds at least one row, the test part none without `withTest`.
 * @throws {InputError} when there are too few rows.
 */
export function randomSplit(
  { source, rowCount }: { readonly source: string; readonly rowCount: number },
  shares: Shares,
  seed: number,
  withTest = true,
): Parts {
  const validationCount = countOf(rowCount, shares.validation);
  const testCount = withTest ? countOf(rowCount, shares.test) : 0;
  const trainCount = rowCount - validationCount - testCount;
  if (trainCount < 1) {
    throw new InputError(
      `${source}: expected rows to train on beside ${validationCount} for validation and ${testCount} for testing, received ${rowCount} in all; lower validationShare and testShare, or bring more rows`,
    );
  }
  const order = permutation(rowCount, random(seed, 'split'));
  return {
    train: order.subarray(0, trainCount),
    validation: order.subarray(trainCount, trainCount + validationCount),
    test: order.subarray(trainCount + validationCount),
  };
}

/** How many of so many rows a share is: one at least. */
export function countOf(rowCount: number, share: number): number {
  return Math.max(1, Math.round(rowCount * share));
}

/** The rows at `indices`, in that order, copied into `into` where given (it must be large enough). */
export function takeRows(
  rows: Matrix | RowView,
  indices: Uint32Array,
  into = new Float32Array(indices.length * rows.width),
): Matrix {
  const { width } = rows;
  const view = isView(rows) ? rows : undefined;
  const { data } = isView(rows) ? rows.of : rows;
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!;
    const start = (view === undefined ? row : view.indices[row]!) * width;
    into.set(data.subarray(start, start + width), i * width);
  }
  const filled = indices.length * width;
  return { data: into.length === filled ? into : into.subarray(0, filled), rowCount: indices.length, width };
}

/** The rows at `indices`, in that order, in the form that they have. */
export function pickRows<R extends Rows>(rows: R, indices: Uint32Array): R {
  return (isSparse(rows) ? takeSparseRows(rows, indices) : takeRows(rows, indices)) as R;
}

/** The first `count` rows, or all where there are fewer. */
export function firstRows<R extends Rows>(rows: R, count: number): R {
  const rowCount = Math.min(count, rows.rowCount);
  if (isSparse(rows))
    return takeSparseRows(
      rows,
      Uint32Array.from({ length: rowCount }, (_, i) => i),
    ) as R;
  return { ...rows, rowCount, data: rows.data.subarray(0, rowCount * rows.width) };
}

/** Makes dense batches of up to `size` rows at given indices, in one buffer: a batch is good until the next is made. */
export function batcher(rows: AnyRows, size: number): (indices: Uint32Array) => Matrix {
  if (isSparse(rows)) return densifier(rows, size);
  const buffer = new Float32Array(Math.min(size, rows.rowCount) * rows.width);
  return (indices) => takeRows(rows, indices, buffer);
}

export function isView(rows: AnyRows): rows is RowView {
  return 'of' in rows;
}

/**
 * Consecutive slices of at most `size` rows. Those of a matrix are views; others share one buffer: a batch is good until
 * the next is asked for.
 */
export function* batches(rows: AnyRows, size: number): Generator<Matrix> {
  const { rowCount, width } = rows;
  const slice =
    isSparse(rows) || isView(rows)
      ? ofRange(batcher(rows, size))
      : (start: number, end: number) => ({
          data: rows.data.subarray(start * width, end * width),
          rowCount: end - start,
          width,
        });
  for (let start = 0; start < rowCount; start += size) yield slice(start, Math.min(start + size, rowCount));
}

function ofRange(take: (indices: Uint32Array) => Matrix): (start: number, end: number) => Matrix {
  return (start, end) => take(Uint32Array.from({ length: end - start }, (_, i) => start + i));
}

/** Values in a batch of which several copies fit into memory: 16 MiB of them. */
const BATCH_VALUES = 2 ** 22;

/** As many rows of a width as make a batch of at most 16 MiB, from 1 to `most`. */
export function rowsPerBatch(width: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(BATCH_VALUES / width)));
}

/** sha256, in hex, over the shape and every value of the rows, in order, over how they are divided, and over the target. */
export function fingerprint({ rows, test, parts, target }: Dataset<Rows>): string {
  const hash = createHash('sha256');
  for (const part of test === undefined ? [rows] : [rows, test]) {
    hash.update(`${part.rowCount}x${part.width};`);
    for (const { buffer, byteOffset, byteLength } of isSparse(part) ? sparseArrays(part) : [part.data])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  if (parts !== undefined) {
    for (const indices of [parts.train, parts.validation, parts.test]) {
      hash.update(`${indices.length};`);
      hash.update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
    }
  }
  if (target !== undefined) {
    for (const values of [target.rows, target.test ?? []]) hash.update(Float64Array.from(values));
  }
  return hash.digest('hex');
}
