import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import type { Matrix, Rows, SparseMatrix } from '../../../shared/tensor.ts';
import { batcher, batches, firstRows, takeRows } from '../../../training/data/batches.ts';
import { type Dataset, fingerprint } from '../../../training/data/dataset.ts';
import { firstWhere } from '../../../training/data/entries.ts';
import { fromInteractions, fromItemLists } from '../../../training/data/interactions.ts';
import { takeSparseRows } from '../../../training/data/sparse.ts';
import { partsOf, splitDataset } from '../../../training/data/split.ts';
import { featureStatistics } from '../../../training/data/statistics.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { fit as fitModel } from '../../../training/fitting/fit.ts';
import { train } from '../../../training/train.ts';
import { tastes, temporaryFolder } from '../../support/data/data.ts';
import { program } from '../../support/training/programs.ts';

/** Rows [0, 2, 0], [0, 0, 0], [-1, 0, 3], [4, 0, 0]. */
const rows: SparseMatrix = {
  rowStarts: Uint32Array.of(0, 1, 1, 3, 4),
  columns: Uint32Array.of(1, 0, 2, 0),
  values: Float32Array.of(2, -1, 3, 4),
  rowCount: 4,
  width: 3,
};
const DENSE = [0, 2, 0, 0, 0, 0, -1, 0, 3, 4, 0, 0];

/** The same rows with every value stored. */
function dense(sparse: SparseMatrix): Matrix {
  const [all] = batches(sparse, sparse.rowCount);
  return { ...all!, data: all!.data.slice() };
}

function datasetOf<R extends Rows>(form: R): Dataset<R> {
  return { source: 'test', rowShape: [form.width], featureNames: null, rows: form };
}

describe('sparse rows', () => {
  it('become dense batches without traces of the batch before', () => {
    expect([...dense(rows).data]).toEqual(DENSE);
    expect([...batches(rows, 3)].map(({ rowCount }) => rowCount)).toEqual([3, 1]);
    const take = batcher(rows, 2);
    expect([...take(Uint32Array.of(2, 0)).data]).toEqual([-1, 0, 3, 0, 2, 0]);
    expect([...take(Uint32Array.of(1, 3)).data]).toEqual([0, 0, 0, 4, 0, 0]);
    expect([...take(Uint32Array.of(0)).data]).toEqual([0, 2, 0]);
  });

  it('are split like dense rows', () => {
    const shares = { validation: 0.2, test: 0.2 };
    const data = tastes(40);
    const parts = splitDataset(data, shares, 3);
    const alike = { ...datasetOf(dense(data.rows)), parts: partsOf(data, shares, 3) };
    const expected = splitDataset(alike, shares, 3);
    for (const part of ['train', 'validation'] as const) {
      const { of, indices } = expected[part];
      expect(dense(parts[part])).toEqual(takeRows(of, indices));
    }
    expect(dense(parts.test)).toEqual(expected.test);
    expect(dense(firstRows(data.rows, 7))).toEqual(firstRows(dense(data.rows), 7));
  });

  it('have the statistics of dense ones, zeros included', () => {
    for (const each of [rows, tastes(40).rows, takeSparseRows(rows, Uint32Array.of(2, 3))]) {
      const [actual, expected] = [featureStatistics(each), featureStatistics(dense(each))];
      for (const key of ['mean', 'standardDeviation', 'min', 'max'] as const)
        expect(actual[key]).toEqual(expected[key].map((value) => expect.closeTo(value, 12)));
    }
  });

  it('have a fingerprint that depends on every value and its position', () => {
    const prints = [
      rows,
      { ...rows, values: Float32Array.of(2, -1, 3, 5) },
      { ...rows, columns: Uint32Array.of(2, 0, 2, 0) },
      { ...rows, rowStarts: Uint32Array.of(0, 0, 1, 3, 4) },
      { ...rows, values: null },
    ].map((each) => fingerprint(datasetOf(each)));
    expect(new Set(prints).size).toBe(prints.length);
    expect(fingerprint(datasetOf(takeSparseRows(rows, Uint32Array.of(0, 1, 2, 3))))).toBe(prints[0]);
  });

  it('are searched among their stored values', () => {
    expect(firstWhere(rows, (value) => value < 0)).toEqual({ row: 2, column: 0, value: -1 });
    expect(firstWhere(rows, (value) => value > 3)).toEqual({ row: 3, column: 0, value: 4 });
    expect(firstWhere({ ...rows, values: null }, (value) => value > 1)).toBeUndefined();
    expect(firstWhere({ ...rows, values: null }, (value) => value === 1)).toEqual({
      row: 0,
      column: 1,
      value: 1,
    });
    expect(firstWhere(dense(rows), (value) => value < 0)).toEqual({ row: 2, column: 0, value: -1 });
  });

  it('train to the same weights as dense ones', async () => {
    const { rows: sparse } = tastes(40);
    const histories = [sparse, dense(sparse)].map(async (form) => {
      const session = await onnxruntime(program(sparse.width), {});
      const result = await fitModel(session, {
        train: form,
        validation: form,
        epochs: 2,
        batchSize: 16,
        seed: 1,
      });
      await session.dispose();
      return result;
    });
    const [actual, expected] = await Promise.all(histories);
    expect(actual).toEqual(expected);
  });

  it('are refused if the loss is undefined for their values', async () => {
    const training = train({
      name: 'negative',
      data: datasetOf(rows),
      variant: 'recommender',
      out: temporaryFolder(),
    });
    await expect(training).rejects.toThrow(
      /row 2, column 0: expected a value in \[0, Infinity\] .*received -1/,
    );
  });
});

describe('interactions', () => {
  it('become one row per user and one column per item, in the order of their first appearance', () => {
    const { rows: made, featureNames } = fromInteractions([
      { user: 'ann', item: 'tea' },
      { user: 7, item: 'milk' },
      { user: 'ann', item: 42 },
      { user: 'ann', item: 'milk' },
      { user: 'ann', item: 'tea' },
    ]);
    expect(featureNames).toEqual(['tea', 'milk', '42']);
    expect([...dense(made).data]).toEqual([1, 1, 1, 0, 1, 0]);
  });

  it('may be lists of item numbers, which are sorted and deduplicated', () => {
    const { rows: made, featureNames } = fromItemLists([[3, 0, 3], [1]]);
    expect([made.width, featureNames]).toEqual([4, null]);
    expect([...made.columns]).toEqual([0, 3, 1]);
    expect(fromItemLists([[0]], ['a', 'b']).rows.width).toBe(2);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['nothing', () => fromInteractions([]), /expected at least one, received none/],
    ['a user without items', () => fromItemLists([[1], []]), /user 1: expected at least one item/],
    ['an item that is not there', () => fromItemLists([[2]], ['a', 'b']), /user 0: .* 0 to 1, received 2/],
    ['half an item', () => fromItemLists([[0], [0.5, 3]]), /user 1: .* received 0.5/],
    ['a negative item', () => fromItemLists([[0, -1]]), /user 0: .* received -1/],
  ])('refuse %s', (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
