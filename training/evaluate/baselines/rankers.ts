/** Baselines of recommenders, measured on the same users. */
import type { Rows } from '../../../shared/tensor.ts';
import type { AnyRows } from '../../data/batches.ts';
import { columnsOf } from '../../data/entries.ts';
import { type Ranker, type RankingOptions, rankingMetrics } from '../metrics/ranking.ts';
import { ease } from './ease.ts';
import { itemKnn } from './itemKnn.ts';

/**
 * Ranks items by how many users of `rows` had them: the same for every user, except for items already given.
 */
export function popularity(rows: AnyRows): Ranker {
  const counts = new Uint32Array(rows.width);
  for (let row = 0; row < rows.rowCount; row++) for (const item of columnsOf(rows, row)) counts[item]!++;
  const order = Array.from(counts, (_, item) => item).sort((a, b) => counts[b]! - counts[a]!);
  return async (lists, count) =>
    lists.map((given) => {
      const had = new Set(given);
      // The given items are skipped, so as many more are taken.
      return order
        .slice(0, count + had.size)
        .filter((item) => !had.has(item))
        .slice(0, count);
    });
}

/** Rankers by name; each returns undefined if fitting it to the given rows would take too long. */
export const RANKERS = { popularity, 'item-knn': itemKnn, ease } as const satisfies Record<
  string,
  (train: AnyRows) => Ranker | undefined
>;

/** Metrics of all rankers that can be fitted to `train`, on the users of `test`. */
export async function rankerMetrics(
  train: AnyRows,
  test: Rows,
  options: RankingOptions,
): Promise<Record<string, Record<string, number>>> {
  const metrics: Record<string, Record<string, number>> = {};
  for (const [name, learn] of Object.entries(RANKERS)) {
    // Fitted to the test users themselves, other rankers would already know the held-out items.
    if ((train as unknown) === test && name !== 'popularity') continue;
    const rank = learn(train);
    if (rank !== undefined) metrics[name] = await rankingMetrics(test, rank, options);
  }
  return metrics;
}
