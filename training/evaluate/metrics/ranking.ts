/** How well items are ranked for users whose other items are known: the measures of Liang et al. (2018), section 4.2. */
import { permutation, random } from '../../../shared/random.ts';
import type { Rows } from '../../../shared/tensor.ts';
import { columnsOf } from '../../data/entries.ts';
import { mean } from '../../estimators/scores.ts';
import { keysOf } from '../../registry.ts';

/** A user's items, divided. */
export interface FoldIn {
  /** What the ranking is made from. */
  readonly given: readonly number[];
  /** What it should find. */
  readonly heldOut: readonly number[];
}

/** For every user the items that are not given, best first, the first `count` of them. */
export type Ranker = (given: readonly (readonly number[])[], count: number) => Promise<number[][]>;

/** The `count` items of the highest scores that are not given, best first; of equal ones the first. */
export function bestOf(scores: Float64Array, given: readonly number[], count: number): number[] {
  const had = new Set(given);
  const order = Array.from(scores, (_, item) => item).filter((item) => !had.has(item));
  return order.sort((a, b) => scores[b]! - scores[a]!).slice(0, count);
}

/** Share of a user's items that is held out. */
const HELD_OUT = 0.2;

/** Divides the items of every row at random, repeatably by seed; rows with fewer than two items are left out. */
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

/** Share of the held-out items among the first k, of as many as there is room for: 1 is all of them, or all of the k. */
export function recall(ranked: readonly number[], heldOut: ReadonlySet<number>, k: number): number {
  const found = ranked.slice(0, k).filter((item) => heldOut.has(item)).length;
  return found / Math.min(k, heldOut.size);
}

/** Discounted cumulative gain of the first k, as a share of that of a ranking with the held-out items in front. */
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
/** Users that are ranked at a time. */
const BATCH = 32;

export type RankingMetric = keyof typeof METRICS;

/** Recall@20, Recall@50 and NDCG@100 of every user. */
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

/** Their means over the users; none where there are no users. */
export async function rankingMetrics(
  users: readonly FoldIn[],
  items: number,
  rank: Ranker,
): Promise<Record<string, number>> {
  if (users.length === 0) return {};
  const scores = Object.entries(await rankingScores(users, items, rank));
  return Object.fromEntries(scores.map(([name, values]) => [name, mean(values)]));
}

/** Of the mean, as the values spread. */
export function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
