import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { ease } from '../../../training/evaluate/baselines/ease.ts';
import { itemKnn } from '../../../training/evaluate/baselines/itemKnn.ts';
import { standardError } from '../../../training/evaluate/metrics/ranking.ts';
import { tastes } from '../../support/data/data.ts';

const LISTS = [
  [0, 1, 2],
  [0, 1],
  [1, 2, 3],
  [2, 3, 4],
  [0, 4],
  [3, 4, 1],
  [2, 4],
  [0, 1, 4],
];

/** More users than items, and fewer. */
const CASES = [
  ['many users', fromItemLists(LISTS).rows],
  ['many items', tastes(20, 3).rows],
] as const;

/** The definition, with the inverse of the matrix of items. */
function expectedEase(
  lists: readonly (readonly number[])[],
  items: number,
  given: readonly number[],
): number[] {
  const gram = Matrix.eye(items, items, 200);
  for (const own of lists) for (const i of own) for (const j of own) gram.set(i, j, gram.get(i, j) + 1);
  const precision = inverse(gram);
  const scores = Array.from({ length: items }, (_, j) =>
    given.reduce((sum, i) => sum - precision.get(i, j) / precision.get(j, j), 0),
  );
  const order = scores.map((_, item) => item).filter((item) => !given.includes(item));
  return order.sort((a, b) => scores[b]! - scores[a]!);
}

describe('EASE', () => {
  it.each(CASES)('ranks by its closed form, of %s', async (_, rows) => {
    const lists = Array.from({ length: rows.rowCount }, (_, row) =>
      Array.from(rows.columns.subarray(rows.rowStarts[row], rows.rowStarts[row + 1])),
    );
    const given = [[0], [1, 3], [2]];
    const ranked = await ease(rows)!(given, 4);
    // Beyond these, scores may be equal.
    expect(ranked.map((each) => each.slice(0, 2))).toEqual(
      given.map((own) => expectedEase(lists, rows.width, own).slice(0, 2)),
    );
  });

  it('is left out if there are too many users and items', () => {
    const lists = Array.from({ length: 2501 }, (_, user) => [user]);
    expect(ease(fromItemLists(lists).rows)).toBeUndefined();
  });
});

it('item-kNN adds up shrunk cosine similarities', async () => {
  // Counts: 0 by 4 users, 1 by 5, 2 by 4, 3 by 3, 4 by 5; together: 0-1 3, 0-2 1, 0-4 2.
  const ranked = await itemKnn(fromItemLists(LISTS).rows)!([[0], [3]], 10);
  expect(ranked[0]).toEqual([1, 4, 2, 3]);
  expect(ranked[1]!.toSorted()).toEqual([0, 1, 2, 4]);
  // 2 and 4 with two users each, 4 users against 5; 1 with two of 5.
  expect(ranked[1]![0]).toBe(2);
  expect(ranked[1]!.at(-1)).toBe(0);
});

it('the standard error is that of a mean', () => {
  // Deviation of 1, 2, 3, 4: sqrt(5 / 3).
  expect(standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
});
