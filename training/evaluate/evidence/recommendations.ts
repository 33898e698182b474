/** What a recommender answers to some test users, in words. */
import type { Rows } from '../../../shared/tensor.ts';
import { graphRanker } from '../metrics/graphRanking.ts';
import { foldIn, ndcg } from '../metrics/ranking.ts';
import type { Evaluation } from './evaluation.ts';

export interface RecommendationOptions {
  /** The graph. */
  readonly recommend: Uint8Array;
  readonly test: Rows;
  readonly titleOf: (item: number) => string;
  readonly seed: number;
}

type Shown = NonNullable<Evaluation['recommendations']>[number];

/** By how well a ranking finds what is held out, from the worst to the best: these shares of the users are worse. */
const QUANTILES = [0.9, 0.5, 0.1];
/** How far down a ranking is judged. */
const RANKS = 100;
/** What fits on a page. */
const MOST_GIVEN = 12;
const MOST_RECOMMENDED = 10;
/** Of users with fewer items there is little to see. */
const LEAST_GIVEN = 8;

/** Three users of whom four fifths of the items are given, ranked as in the metrics; fewer where there are fewer. */
export async function recommendationsFor({
  recommend,
  test,
  titleOf,
  seed,
}: RecommendationOptions): Promise<Shown[]> {
  const users = foldIn(test, seed);
  const shown = users.filter(({ given }) => given.length >= LEAST_GIVEN);
  const candidates = shown.length < QUANTILES.length ? users : shown;
  if (candidates.length === 0) return [];
  const { rank, release } = await graphRanker(recommend);
  const ranked = await Promise.all(
    candidates.map(async ({ given, heldOut }) => {
      const [ranking] = await rank([given], Math.min(RANKS, test.width));
      const wanted = new Set(heldOut);
      return { given, wanted, ranking: ranking!, gain: ndcg(ranking!, wanted, RANKS) };
    }),
  );
  await release();
  ranked.sort((a, b) => a.gain - b.gain);
  const places = new Set(QUANTILES.map((share) => Math.round(share * (ranked.length - 1))));
  return Array.from(places, (place) => {
    const { given, wanted, ranking, gain } = ranked[place]!;
    return {
      given: given.slice(0, MOST_GIVEN).map(titleOf),
      givenCount: given.length,
      heldOutCount: wanted.size,
      recommended: ranking
        .filter((item) => item >= 0)
        .slice(0, MOST_RECOMMENDED)
        .map((item) => ({ title: titleOf(item), isHeldOut: wanted.has(item) })),
      ndcg: gain,
    };
  });
}
