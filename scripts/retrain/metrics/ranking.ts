/** Quality of the ranking of each user's held-out items. */
import type { Manifest } from '../../../shared/manifest.ts';
import { graphRanker } from '../../../training/evaluate/metrics/graphRanking.ts';
import { foldIn, type Ranker, rankingScores } from '../../../training/evaluate/metrics/ranking.ts';
import type { ComparedVersion, HeldOut } from './heldOut.ts';

/** Seed of the division of a user's items into given and held-out ones; the same for both versions. */
const SEED = 1;

/**
 * Returns NDCG@100 of every held-out user with two or more items; undefined if the model recommends nothing.
 * Versions may know different items: what a version does not know, it neither uses nor finds.
 */
export async function gains(
  { graphs, manifest }: ComparedVersion,
  { test, names }: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  if (graphs.recommend === undefined) return undefined;
  const { rank, release } = await graphRanker(graphs.recommend);
  try {
    const ranker = knowing(manifest, names, rank);
    return (await rankingScores(foldIn(test, SEED), test.width, ranker))['ndcg@100'];
  } finally {
    await release();
  }
}

/** A ranker of the items as the rows number them, from one that numbers them as the version does. */
function knowing({ features }: Manifest, names: readonly string[] | null, rank: Ranker): Ranker {
  if (names === null || features.names === null) return rank;
  const own = new Map(features.names.map((name, item) => [name, item]));
  const theirs = new Map(names.map((name, item) => [name, item]));
  const numbers = names.map((name) => own.get(name));
  const back = features.names.map((name) => theirs.get(name));
  return async (lists, count) => {
    const known = lists.map((list) => list.map((item) => numbers[item]).filter((item) => item !== undefined));
    const ranked = await rank(known, Math.min(count, features.count));
    return ranked.map((list) => list.map((item) => back[item]).filter((item) => item !== undefined));
  };
}
