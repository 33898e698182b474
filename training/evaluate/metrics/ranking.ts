/** Ranking metrics on held-out items, as in Liang et al. (2018), section 4.2. */
import { permutation, random } from '../../../shared/random.ts';
import { isSparse, type Rows, type SparseMatrix } from '../../../shared/tensor.ts';
import { columnsOf } from '../../data/entries.ts';
import { mean } from '../../estimators/scores.ts';
import { keysOf } from '../../registry.ts';
import { exposureMetrics, type ItemShares } from './exposure.ts';

/** Items of a user, divided into given and held-out ones. */
export interface FoldIn {
  /** Items that the ranking is computed from. */
  readonly given: readonly number[];
  /** Items that the ranking should find. */
  readonly heldOut: readonly number[];
}

/** For each user, ranks the items that are not given and returns the best `count`, best first. */
export type Ranker = (given: readonly (readonly number[])[], count: number) => Promise<number[][]>;

/** The `count` best-scored items that are not given, best first; equal scores keep the order of the items. */
export function bestOf(scores: Float64Array, given: readonly number[], count: number): number[] {
  const had = new Set(given);
  const order = Array.from(scores, (_, item) => item).filter((item) => !had.has(item));
  return order.sort((a, b) => scores[b]! - scores[a]!).slice(0, count);
}

/** Share of the items of a user that is held out. */
const HELD_OUT = 0.2;

/** The items of a user that are held out: some at random, or the newest. */
export type HeldOutItems = 'random' | 'latest';

/**
 * Divides the items of each row, at random or by time, reproducibly by seed; leaves out rows with fewer than two items.
 * Of items with the same time, any may be held out.
 */
export function foldIn(rows: Rows, seed: number, which: HeldOutItems = 'random'): FoldIn[] {
  const source = random(seed, 'fold-in');
  const users: FoldIn[] = [];
  for (let row = 0; row < rows.rowCount; row++) {
    const items = columnsOf(rows, row);
    if (items.length < 2) continue;
    const places = Array.from(permutation(items.length, source));
    if (which === 'latest') {
      const { rowStarts, times } = rows as SparseMatrix;
      const timeOf = (place: number) => times![rowStarts[row]! + place]!;
      places.sort((a, b) => (timeOf(a) === timeOf(b) ? 0 : timeOf(b) - timeOf(a)));
    }
    const order = places.map((at) => items[at]!);
    const count = Math.max(1, Math.floor(HELD_OUT * items.length));
    users.push({ given: order.slice(count), heldOut: order.slice(0, count) });
  }
  return users;
}

/**
 * Recall@k: held-out items among the first k, as a share of as many as fit: min(k, number of held-out items).
 */
export function recall(ranked: readonly number[], heldOut: ReadonlySet<number>, k: number): number {
  const found = ranked.slice(0, k).filter((item) => heldOut.has(item)).length;
  return found / Math.min(k, heldOut.size);
}

/** NDCG@k: discounted cumulative gain of the first k, as a share of that of an ideal ranking. */
export function ndcg(ranked: readonly number[], heldOut: ReadonlySet<number>, k: number): number {
  const discount = (rank: number) => 1 / Math.log2(rank + 2);
  let gain = 0;
  ranked.slice(0, k).forEach((item, rank) => {
    if (heldOut.has(item)) gain += discount(rank);
  });
  let ideal = 0;
  for (let rank = 0; rank < Math.min(k, heldOut.size); rank++) ideal += discount(rank);
  return gain / ideal;
}

const METRICS = {
  'recall@20': { measure: recall, k: 20 },
  'recall@50': { measure: recall, k: 50 },
  'ndcg@100': { measure: ndcg, k: 100 },
} as const;

const LONGEST = Math.max(...Object.values(METRICS).map(({ k }) => k));
/** Number of users ranked at a time. */
const BATCH = 32;

export type RankingMetric = keyof typeof METRICS;

/** The first items for each user, best first: as many as any metric needs, or as there are. */
async function rankingsOf(users: readonly FoldIn[], items: number, rank: Ranker): Promise<number[][]> {
  const rankings: number[][] = [];
  for (let start = 0; start < users.length; start += BATCH) {
    const lists = users.slice(start, start + BATCH).map(({ given }) => given);
    rankings.push(...(await rank(lists, Math.min(LONGEST, items))));
  }
  return rankings;
}

/** Recall@20, Recall@50 and NDCG@100 of each user, in order. */
export async function rankingScores(
  users: readonly FoldIn[],
  items: number,
  rank: Ranker,
): Promise<Record<RankingMetric, number[]>> {
  return scoresOf(users, await rankingsOf(users, items, rank));
}

function scoresOf(
  users: readonly FoldIn[],
  rankings: readonly (readonly number[])[],
): Record<RankingMetric, number[]> {
  const wanted = users.map(({ heldOut }) => new Set(heldOut));
  const scores = (name: RankingMetric) => {
    const { measure, k } = METRICS[name];
    return rankings.map((ranked, user) => measure(ranked, wanted[user]!, k));
  };
  return Object.fromEntries(keysOf(METRICS).map((name) => [name, scores(name)])) as Record<
    RankingMetric,
    number[]
  >;
}

export interface RankingOptions {
  readonly seed: number;
  /** Share of the training users who had each item. */
  readonly shares: ItemShares;
}

/**
 * Means of these metrics over the test users, and what is shown of the catalogue (`exposureMetrics`). If the times of
 * items are known, the same means with the newest items held out end in `-latest`. Empty without users.
 */
export async function rankingMetrics(
  test: Rows,
  rank: Ranker,
  { seed, shares }: RankingOptions,
): Promise<Record<string, number>> {
  const users = foldIn(test, seed);
  if (users.length === 0) return {};
  const rankings = await rankingsOf(users, test.width, rank);
  const metrics = { ...means(scoresOf(users, rankings)), ...exposureMetrics(users, rankings, shares) };
  if (!isSparse(test) || test.times === undefined) return metrics;
  const latest = means(await rankingScores(foldIn(test, seed, 'latest'), test.width, rank));
  const named = Object.entries(latest).map(([name, value]) => [`${name}-latest`, value]);
  return { ...metrics, ...Object.fromEntries(named) };
}

function means(scores: Record<RankingMetric, number[]>): Record<RankingMetric, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, mean(values)])) as Record<
    RankingMetric,
    number
  >;
}

/** Standard error of the mean of the values. */
export function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
