/** How well each user's held-out items are ranked. */
import { graphRanker } from '../../../training/evaluate/metrics/graphRanking.ts';
import { foldIn, rankingScores } from '../../../training/evaluate/metrics/ranking.ts';
import type { StoredArtifact } from '../stored.ts';
import type { HeldOut } from './heldOut.ts';

/** Which of a user's items are given, and which are to be found: the same for both versions. */
const SEED = 1;

/** NDCG@100 of every held-out user with two items or more; undefined where nothing is recommended. */
export async function gains(
  { graphs }: Pick<StoredArtifact, 'graphs'>,
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
