/** A recommender of five items: it recommends what is popular, and finds similar what is near in the alphabet. */
import type { Artifact } from '../../training/artifact.ts';
import { add, mul } from '../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../training/graph/ops/broadcast.ts';
import { gather } from '../../training/graph/ops/gather.ts';
import { reshape } from '../../training/graph/ops/reshape.ts';
import { toFloat32 } from '../../training/graph/ops/shape.ts';
import { topK } from '../../training/graph/ops/topK.ts';
import { constant, input, scalar } from '../../training/graph/value.ts';
import { recommendHead } from '../../training/models/recommendHead.ts';
import { graphArtifact } from './graphArtifact.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e'] as const;
const POPULARITY = [0.5, 4, 1, 3, 2] as const;
/** Of an item with itself. */
const LEAST = -100;

const similarity = (one: number, other: number): number => (one === other ? LEAST : -Math.abs(one - other));

export function itemsArtifact(): Artifact {
  const popularity = constant({ dtype: 'float32', shape: [1, 5], data: Float32Array.from(POPULARITY) });
  const recommend = recommendHead(ITEMS.length, (ids) => {
    const zeros = mul(reshape(reduceSum(toFloat32(ids), [1]), [-1, 1]), scalar(0));
    return add(zeros, popularity);
  });
  const items = input('items', ['N'], 'int64');
  const k = input('k', [1], 'int64');
  const table = Float32Array.from({ length: 25 }, (_, i) => similarity(Math.floor(i / 5), i % 5));
  const ranked = topK(gather(constant({ dtype: 'float32', shape: [5, 5], data: table }), items, 0), k);
  return graphArtifact(
    'items',
    {
      recommend,
      similar: { inputs: [items, k], outputs: { similar: ranked.indices, scores: ranked.values } },
    },
    ({ features }) => ({
      features: { ...features, count: ITEMS.length, names: [...ITEMS], rowShape: [ITEMS.length] },
      operations: ['recommend', 'similar'],
    }),
  );
}

/** The `k` most popular items but those that the user had. */
export function expectedRecommendations(had: readonly string[], k: number) {
  return ITEMS.map((item, i) => ({ item, score: POPULARITY[i]! }))
    .filter(({ item }) => !had.includes(item))
    .sort((a, b) => b.score - a.score)
    .slice(0, k);
}

/** The `k` nearest items, of the equally near the first. */
export function expectedSimilar(item: (typeof ITEMS)[number], k: number) {
  const number = ITEMS.indexOf(item);
  return ITEMS.map((other, i) => ({ item: other, score: similarity(number, i) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, k);
}
