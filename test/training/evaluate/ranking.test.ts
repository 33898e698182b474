import { describe, expect, it } from 'vitest';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { popularity } from '../../../training/evaluate/baselines/rankers.ts';
import {
  foldIn,
  ndcg,
  type Ranker,
  rankingMetrics,
  recall,
} from '../../../training/evaluate/metrics/ranking.ts';
import { train } from '../../../training/train.ts';
import { tastes, temporaryFolder } from '../../support/data/data.ts';

describe('recall', () => {
  it.each([
    // Two of three found; three would fit.
    [[7, 1, 8, 3], [1, 3, 5], 4, 2 / 3],
    // Both places are right, and there are only two.
    [[1, 3, 7], [1, 3, 5, 9], 2, 1],
    [[7, 8], [1], 2, 0],
    [[7, 1], [1], 1, 0],
  ])('of %j for %j at %i is %f', (ranked, heldOut, k, expected) => {
    expect(recall(ranked, new Set(heldOut), k)).toBeCloseTo(expected, 12);
  });
});

describe('NDCG', () => {
  const [first, second, third] = [1, 1 / Math.log2(3), 1 / 2];
  it.each([
    [[1, 3, 7], [1, 3], 3, 1],
    [[7, 1, 3], [1, 3], 3, (second + third) / (first + second)],
    // Only three places: of four, three in front are ideal.
    [[7, 1, 8, 3], [1, 3, 5, 9], 3, second / (first + second + third)],
    [[7, 8], [1], 2, 0],
  ])('of %j for %j at %i is %f', (ranked, heldOut, k, expected) => {
    expect(ndcg(ranked, new Set(heldOut), k)).toBeCloseTo(expected, 12);
  });
});

describe('fold-in', () => {
  const { rows } = fromItemLists([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [3], [1, 4], [2, 5, 7, 8, 9, 1]]);

  it('holds out a fifth of every item list, at least one, and leaves out users with a single item', () => {
    const users = foldIn(rows, 1);
    expect(users.map(({ given, heldOut }) => [given.length, heldOut.length])).toEqual([
      [8, 2],
      [1, 1],
      [5, 1],
    ]);
    expect([...users[2]!.given, ...users[2]!.heldOut].toSorted()).toEqual([1, 2, 5, 7, 8, 9]);
    expect(foldIn(rows, 1)).toEqual(users);
    expect(foldIn(rows, 2)).not.toEqual(users);
  });
});

it('metrics are means over any number of users, and request no more items than exist', async () => {
  const users = Array.from({ length: 70 }, (_, user) => ({ given: [0], heldOut: [user % 2 === 0 ? 1 : 2] }));
  const asked = new Set<number>();
  const rank: Ranker = async (lists, count) => {
    asked.add(count);
    return lists.map(() => [1]);
  };
  expect(await rankingMetrics(users, 3, rank)).toEqual({
    'recall@20': expect.closeTo(0.5, 12),
    'recall@50': expect.closeTo(0.5, 12),
    'ndcg@100': expect.closeTo(0.5, 12),
  });
  expect([...asked]).toEqual([3]);
  expect(await rankingMetrics([], 3, rank)).toEqual({});
});

it('popularity ranks by how many users had an item, without those given', async () => {
  const { rows } = fromItemLists([[0, 2, 3], [2, 3], [2]], ['a', 'b', 'c', 'd']);
  const rank = popularity(rows);
  expect(await rank([[], [2], [3, 0]], 2)).toEqual([
    [2, 3],
    [3, 0],
    [2, 1],
  ]);
});

it('a recommender that has learnt tastes beats popularity, by its exported graph', async () => {
  const { artifact } = await train({
    name: 'tastes',
    data: tastes(200, 6),
    variant: 'recommender',
    settings: { hidden: [16], codeSize: 8, epochs: 20, batchSize: 16, learningRate: 0.01 },
    out: temporaryFolder(),
  });
  const { metrics, baselines } = artifact.manifest;
  expect(Object.keys(baselines)).toEqual(['popularity', 'item-knn', 'ease', 'untrained']);
  // Users have about six of the ten items of one kind: a model that recognises kinds finds all held-out items.
  expect(metrics['recall@20']).toBe(1);
  expect(metrics['ndcg@100']).toBeGreaterThan(1.5 * baselines.popularity!['ndcg@100']!);
  expect(Object.keys(baselines.popularity!)).toEqual(['recall@20', 'recall@50', 'ndcg@100']);
});
