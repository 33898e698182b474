/** Quality of the ranking of each user's held-out items. */
import { graphRanker } from '../../../training/evaluate/metrics/graphRanking.ts';
import { foldIn, rankingScores } from '../../../training/evaluate/metrics/ranking.ts';
import type { ComparedVersion, HeldOut } from './heldOut.ts';

/** Seed of the division of a user's items into given and held-out ones; the same for both versions. */
const SEED = 1;

/**
 * Returns NDCG@100 of every held-out user with two or more items; undefined if the model recommends nothing.
 */
export async function gains(
  { graphs }: Pick<ComparedVersion, 'graphs'>,
  { test }: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  if (graphs.recommend === undefined) return undefined;
  const { rank, release } = await graphRanker(graphs.recommend);
  try {
    return (await rankingScores(foldIn(test, SEED), test.width, rank))['ndcg@100'];
  } finally {
    await release();
  }
}
