/** Ways to rank items for users, measured on the same terms. */
import type { Rows } from '../../../shared/tensor.ts';
import type { AnyRows } from '../../data/batches.ts';
import { columnsOf } from '../../data/entries.ts';
import { foldIn, type Ranker, rankingMetrics } from '../metrics/ranking.ts';
import { ease } from './ease.ts';
import { itemKnn } from './itemKnn.ts';

/** The baseline: what most users of `rows` had, the same for everyone but for what they have already. */
export function popularity(rows: AnyRows): Ranker {
  const counts = new Uint32Array(rows.width);
  for (let row = 0; row < rows.rowCount; row++) for (const item of columnsOf(rows, row)) counts[item]!++;
  const order = Array.from(counts, (_, item) => item).sort((a, b) => counts[b]! - counts[a]!);
  return async (lists, count) =>
    lists.map((given) => {
      const had = new Set(given);
      // As many more as there are items to skip.
      return order
        .slice(0, count + had.size)
        .filter((item) => !had.has(item))
        .slice(0, count);
    });
}

/** What a recommender has to be better than; undefined where that would take too long on so many rows. */
export const RANKERS = { popularity, 'item-knn': itemKnn, ease } as const satisfies Record<
  string,
  (train: AnyRows) => Ranker | undefined
>;

/** The metrics of those that can be had, learnt from `train`, on the same users. */
export async function rankerMetrics(
  train: AnyRows,
  test: Rows,
  seed: number,
): Promise<Record<string, Record<string, number>>> {
  const metrics: Record<string, Record<string, number>> = {};
  for (const [name, learn] of Object.entries(RANKERS)) {
    // Of what they have seen, rankers that learn of users know too much.
    if ((train as unknown) === test && name !== 'popularity') continue;
    const rank = learn(train);
    if (rank !== undefined) metrics[name] = await rankingMetrics(foldIn(test, seed), test.width, rank);
  }
  return metrics;
}
