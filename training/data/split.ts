/** Splits a data set into rows for training, for choosing the best epoch, and for testing. */
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import { type AnyRows, pickRows, type RowView } from './batches.ts';
import type { Dataset, Labels, Parts, Shares, Target } from './dataset.ts';
import { keysOf } from './rowKeys.ts';
import { takeSparseRows } from './sparse.ts';
import { randomSplit } from './splits.ts';

export interface Split<R extends Rows = Matrix> {
  readonly train: R extends Matrix ? RowView : R;
  readonly validation: R extends Matrix ? RowView : R;
  readonly test: R;
  /** Labels of the parts, if the data has labels. */
  readonly trainLabels?: Omit<Labels, 'test'>;
  readonly testLabels?: Omit<Labels, 'test'>;
  /** Set if the data has a target. */
  readonly target?: { readonly name: string } & Readonly<Record<'train' | 'test', ArrayLike<number>>>;
}

/**
 * Splits the rows by `parts` or, without it, at random, reproducibly by seed; every part holds at least one
 * row.
 * @throws {InputError} if there are too few rows.
 */
export function splitDataset<R extends Rows>(dataset: Dataset<R>, shares: Shares, seed: number): Split<R> {
  const { rows, labels, target } = dataset;
  const parts = partsOf(dataset, shares, seed);
  const ownTest = dataset.parts === undefined ? dataset.test : undefined;
  const viewOf = (indices: Uint32Array): AnyRows =>
    isSparse(rows)
      ? takeSparseRows(rows, indices)
      : { of: rows, indices, rowCount: indices.length, width: rows.width };
  const ofTrain = (known: RowAnswers) => Array.from(parts.train, (row) => known.rows[row]!);
  const ofTest = (known: RowAnswers) =>
    ownTest === undefined ? Array.from(parts.test, (row) => known.rows[row]!) : known.test;
  const [classOfTest, targetOfTest] = [labels && ofTest(labels), target && ofTest(target)];
  return {
    train: viewOf(parts.train) as Split<R>['train'],
    validation: viewOf(parts.validation) as Split<R>['validation'],
    test: ownTest ?? pickRows(rows, parts.test),
    ...(labels && { trainLabels: { ...labels, rows: ofTrain(labels) } }),
    ...(classOfTest && { testLabels: { ...labels!, rows: classOfTest } }),
    ...(targetOfTest && { target: { name: target!.name, train: ofTrain(target!), test: targetOfTest } }),
  };
}

type RowAnswers = Pick<Target, 'rows' | 'test'>;

/**
 * Returns the rows of each part, as `splitDataset` splits them. The test part is empty if the data has a test
 * set of its own.
 */
export function partsOf(data: Dataset<Rows>, shares: Shares, seed: number): Parts {
  const { source, rows, test, parts } = data;
  if (parts !== undefined) return parts;
  return randomSplit(
    { source, rowCount: rows.rowCount, keys: keysOf(data) },
    shares,
    seed,
    test === undefined,
  );
}
