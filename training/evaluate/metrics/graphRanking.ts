/** Ranking by an exported `recommend` graph, and its metrics. */
import type { Rows } from '../../../shared/tensor.ts';
import { openNative } from '../../engines/inference.ts';
import { type Ranker, type RankingOptions, rankingMetrics } from './ranking.ts';

/** A ranker that runs an exported `recommend` graph; call `release` when done. */
export async function graphRanker(
  model: Uint8Array,
): Promise<{ readonly rank: Ranker; readonly release: () => Promise<void> }> {
  const session = await openNative(model);
  return {
    release: session.release,
    rank: async (lists, count) => {
      const width = Math.max(...lists.map(({ length }) => length));
      const ids = new BigInt64Array(lists.length * width).fill(-1n);
      lists.forEach((given, user) => {
        ids.set(given.map(BigInt), user * width);
      });
      const given = { dtype: 'int64', shape: [lists.length, width], data: ids } as const;
      const all = {
        dtype: 'int64',
        shape: [lists.length, 1],
        data: new BigInt64Array(lists.length).fill(-1n),
      } as const;
      const { recommended } = await session.runTensors({
        items: given,
        excluded: given,
        allowed: all,
        k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(count)) },
      });
      const ranked = Array.from(recommended!.data, Number);
      return lists.map((_, user) => ranked.slice(user * count, (user + 1) * count));
    },
  };
}

/** Ranking metrics of a `recommend` graph on test users. */
export async function graphMetrics(
  recommend: Uint8Array,
  test: Rows,
  options: RankingOptions,
): Promise<Record<string, number>> {
  const { rank, release } = await graphRanker(recommend);
  const metrics = await rankingMetrics(test, rank, options);
  await release();
  return metrics;
}
