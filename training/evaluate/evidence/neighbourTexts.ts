/** Some queries of a search, with their nearest rows as texts. */
import type { PartTexts } from '../../data/rowNames.ts';
import { type DrawnSearch, NEAREST, recallsOf } from '../metrics/nearest.ts';
import type { Evaluation, NearText } from './evaluation.ts';
import { shortText } from './shortText.ts';

type NeighbourTexts = NonNullable<NonNullable<Evaluation['neighbours']>['texts']>;

/** Queries that are shown. */
const MOST_QUERIES = 10;
/** Nearest rows of each that are shown. */
const SHOWN = 5;

/** Positions of the nearest indexed rows, `[queries, 10]`: by vector, and by code. */
interface Searched {
  readonly expected: BigInt64Array;
  readonly found: BigInt64Array;
}

/** Ten queries at even steps from best to worst recall, or all if there are fewer. */
export function neighbourTexts(
  { places, queries: { rowCount } }: Pick<DrawnSearch, 'places' | 'queries'>,
  { expected, found }: Searched,
  texts: PartTexts,
): NeighbourTexts {
  const recalls = recallsOf(expected, found);
  const order = Array.from(recalls.keys()).sort((a, b) => recalls[b]! - recalls[a]! || a - b);
  const count = Math.min(MOST_QUERIES, rowCount);
  return Array.from({ length: count }, (_, i) => {
    const query = order[Math.round((i * (rowCount - 1)) / Math.max(1, count - 1))]!;
    const own = (rows: BigInt64Array) => rows.subarray(NEAREST * query, NEAREST * (query + 1));
    const shown = (rows: BigInt64Array, others: BigInt64Array): NearText[] => {
      const shared = new Set(own(others));
      return Array.from(own(rows).subarray(0, SHOWN), (each) => ({
        text: shortText(texts.train(places.indexed[Number(each)]!)),
        isShared: shared.has(each),
      }));
    };
    return {
      query: shortText(texts.test(places.queries[query]!)),
      recall: recalls[query]!,
      nearest: shown(expected, found),
      found: shown(found, expected),
    };
  });
}
