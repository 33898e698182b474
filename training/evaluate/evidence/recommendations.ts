/** Recommendations for some test users, by title. */
import type { Rows } from '../../../shared/tensor.ts';
import { graphRanker } from '../metrics/graphRanking.ts';
import { foldIn, ndcg } from '../metrics/ranking.ts';
import type { Evaluation } from './evaluation.ts';

export interface RecommendationOptions {
  /** ONNX graph `recommend`. */
  readonly recommend: Uint8Array;
  readonly test: Rows;
  readonly titleOf: (item: number) => string;
  readonly seed: number;
}

type RecommendedUser = NonNullable<Evaluation['recommendations']>[number];

/** Users to show, as quantiles of NDCG. */
const QUANTILES = [0.9, 0.5, 0.1];
/** Number of ranks that NDCG covers. */
const RANKS = 100;
/** Most items that fit on a page. */
const MOST_GIVEN = 12;
const MOST_RECOMMENDED = 10;
/** Fewest given items of a user worth showing. */
const LEAST_GIVEN = 8;

/**
 * Up to three users, with four fifths of their items given and the rest held out, ranked as for the metrics.
 */
export async function recommendationsFor({
  recommend,
  test,
  titleOf,
  seed,
}: RecommendationOptions): Promise<RecommendedUser[]> {
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
