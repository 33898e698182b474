/** Ranking metrics on held-out items, as in Liang et al. (2018), section 4.2. */
import { permutation, random } from '../../../shared/random.ts';
import type { Rows } from '../../../shared/tensor.ts';
import { columnsOf } from '../../data/entries.ts';
import { mean } from '../../estimators/scores.ts';
import { keysOf } from '../../registry.ts';

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

/**
 * Divides the items of each row at random, reproducibly by seed; leaves out rows with fewer than two items.
 */
export function foldIn(rows: Rows, seed: number): FoldIn[] {
  const source = random(seed, 'fold-in');
  const users: FoldIn[] = [];
  for (let row = 0; row < rows.rowCount; row++) {
    const items = columnsOf(rows, row);
    if (items.length < 2) continue;
    const order = Array.from(permutation(items.length, source), (at) => items[at]!);
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

/** Recall@20, Recall@50 and NDCG@100 of each user, in order. */
export async function rankingScores(
  users: readonly FoldIn[],
  items: number,
  rank: Ranker,
): Promise<Record<RankingMetric, number[]>> {
  const scores: Record<RankingMetric, number[]> = { 'recall@20': [], 'recall@50': [], 'ndcg@100': [] };
  for (let start = 0; start < users.length; start += BATCH) {
    const batch = users.slice(start, start + BATCH);
    const rankings = await rank(
      batch.map(({ given }) => given),
      Math.min(LONGEST, items),
    );
    for (const [i, { heldOut }] of batch.entries()) {
      const wanted = new Set(heldOut);
      for (const name of keysOf(METRICS)) {
        const { measure, k } = METRICS[name];
        scores[name].push(measure(rankings[i]!, wanted, k));
      }
    }
  }
  return scores;
}

/** Means of these metrics over the users; empty without users. */
export async function rankingMetrics(
  users: readonly FoldIn[],
  items: number,
  rank: Ranker,
): Promise<Record<string, number>> {
  if (users.length === 0) return {};
  const scores = Object.entries(await rankingScores(users, items, rank));
  return Object.fromEntries(scores.map(([name, values]) => [name, mean(values)]));
}

/** Standard error of the mean of the values. */
export function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
