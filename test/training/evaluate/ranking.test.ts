import { describe, expect, it } from 'vitest';
import { fromInteractions, fromItemLists } from '../../../training/data/interactions.ts';
import { takeSparseRows } from '../../../training/data/sparse.ts';
import { mean } from '../../../training/estimators/scores.ts';
import { popularity } from '../../../training/evaluate/baselines/rankers.ts';
import { exposureMetrics } from '../../../training/evaluate/metrics/exposure.ts';
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
  // Everyone has all three items, of which one is held out at random.
  const { rows } = fromItemLists(Array.from({ length: 70 }, () => [0, 1, 2]));
  const asked = new Set<number>();
  const rank: Ranker = async (lists, count) => {
    asked.add(count);
    return lists.map(() => [1]);
  };
  const found = mean(foldIn(rows, 1).map(({ heldOut }) => Number(heldOut[0] === 1)));
  expect(found).toSatisfy((share: number) => share > 0.1 && share < 0.6);
  expect(await rankingMetrics(rows, rank, { seed: 1, shares: [0.5, 0.25, 1] })).toEqual({
    'recall@20': expect.closeTo(found, 12),
    'recall@50': expect.closeTo(found, 12),
    'ndcg@100': expect.closeTo(found, 12),
    'coverage@20': 1 / 3,
    'novelty@20': 2,
    'popularity-lift@20': expect.any(Number),
  });
  expect([...asked]).toEqual([3]);
  const { rows: single } = fromItemLists([[0]]);
  expect(await rankingMetrics(single, rank, { seed: 1, shares: [1] })).toEqual({});
});

it('exposure counts what the first 20 show, and how popular that is next to what users have', () => {
  const users = [{ given: [0, 1] }, { given: [3] }, { given: [2] }];
  const shares = [0.5, 0.25, 0.125, 0, null];
  const rankings = [[1, 4], [0, -1], []];
  // The first two users have items with shares of (0.5 + 0.25) / 2 and 0, and are shown 0.25, 0 and 0.5.
  const own = (0.375 + 0) / 2;
  const shown = (0.125 + 0.5) / 2;
  expect(exposureMetrics(users, rankings, shares)).toEqual({
    'coverage@20': 3 / 5,
    'novelty@20': expect.closeTo(((2 - Math.log2(1e-6)) / 2 + 1) / 2, 12),
    'popularity-lift@20': expect.closeTo(shown / own - 1, 12),
  });
  const many = [Array.from({ length: 30 }, (_, item) => item)];
  const ones = Array.from({ length: 30 }, () => 1);
  expect(exposureMetrics([{ given: [0] }], many, ones)).toEqual({
    ...{ 'coverage@20': 20 / 30, 'novelty@20': 0, 'popularity-lift@20': 0 },
  });
});

describe('with times', () => {
  const lists = [
    [4, 2, 0, 3, 1],
    [1, 3],
  ];
  // Item i of the first user at time 10 - i; of the second one at the same time.
  const { rows } = fromInteractions(
    lists.flatMap((list, user) =>
      list.map((item) => ({ user, item: `i${item}`, time: user === 0 ? 10 - item : 7 })),
    ),
  );

  it('the newest items are held out', () => {
    const [first, second] = foldIn(rows, 1, 'latest');
    const names = ['i4', 'i2', 'i0', 'i3', 'i1'];
    expect(first!.heldOut.map((item) => names[item])).toEqual(['i0']);
    expect(first!.given).toHaveLength(4);
    expect([...second!.given, ...second!.heldOut].map((item) => names[item]).sort()).toEqual(['i1', 'i3']);
  });

  it('metrics are of both', async () => {
    const rank: Ranker = async (asked) => asked.map(() => [2]); // i0
    const metrics = await rankingMetrics(takeSparseRows(rows, Uint32Array.of(0)), rank, {
      ...{ seed: 1, shares: [1, 1, 1, 1, 1] },
    });
    expect(metrics).toMatchObject({ 'recall@20-latest': 1, 'ndcg@100-latest': 1 });
  });
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
  expect(Object.keys(baselines.popularity!)).toEqual([
    ...['recall@20', 'recall@50', 'ndcg@100', 'coverage@20', 'novelty@20', 'popularity-lift@20'],
  ]);
  expect(baselines.popularity!['coverage@20']).toBeLessThan(metrics['coverage@20']!);
});
