/** Recommenders of five items: they recommend what is popular, and find similar what is near in the alphabet. */
import type { ItemTable } from '../../../shared/itemTable.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { add, mul, sub } from '../../../training/graph/ops/arithmetic.ts';
import { expand, reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { gather } from '../../../training/graph/ops/gather.ts';
import { pad } from '../../../training/graph/ops/pad.ts';
import { reshape } from '../../../training/graph/ops/reshape.ts';
import { scatterColumns } from '../../../training/graph/ops/scatter.ts';
import { toFloat32 } from '../../../training/graph/ops/shape.ts';
import { step } from '../../../training/graph/ops/step.ts';
import { topK } from '../../../training/graph/ops/topK.ts';
import type { Value } from '../../../training/graph/types.ts';
import { constant, input, scalar } from '../../../training/graph/value.ts';
import { idsWhere } from '../../../training/models/itemIds.ts';
import type { Head } from '../../../training/models/model.ts';
import { recommendHead } from '../../../training/models/recommendHead.ts';
import { graphArtifact } from './graphArtifact.ts';

/** Below every score. */
const NEVER = -3e38;
const ITEMS = ['a', 'b', 'c', 'd', 'e'] as const;
const POPULARITY = [0.5, 4, 1, 3, 2] as const;
/** Of the users of the training data. */
export const SHARES = [0.125, 0.875, 0.375, 0.75, 0.5] as const;
/** Of an item with itself. */
const LEAST = -100;

const similarity = (one: number, other: number): number => (one === other ? LEAST : -Math.abs(one - other));

/** Of the model `shop`: `e` has no row in the table. */
export const ITEM_TABLE: ItemTable = {
  source: 'items.csv',
  titles: ['Ant', 'Bee', null, 'Dog', null],
  columns: [
    {
      ...{ name: 'kind', type: 'category', categories: ['insect', 'pet|mammal'] },
      values: [0, 0, 0, 1, null],
    },
    { name: 'legs', type: 'number', values: [6, 6, null, 4, null] },
    { name: 'in_stock', type: 'boolean', values: [1, 0, 1, 1, null] },
  ],
};

/** As models were before there were filters: `recommend` takes what the user had and how many to answer, no more. */
export function itemsArtifact(): Artifact {
  const items = input('items', ['N', 'L'], 'int64');
  const k = input('k', [1], 'int64');
  const left = scatterColumns(pad(scoresOf(items), [0, 0, 0, 1]), items, expand(scalar(NEVER), items));
  const { values, indices } = topK(pad(left, [0, 0, 0, -1]), k);
  const recommended = idsWhere(step(sub(values, scalar(NEVER))), indices);
  return artifactOf('items', { inputs: [items, k], outputs: { recommended, scores: values } });
}

/** As models are now. */
export function shopArtifact(): Artifact {
  return artifactOf('shop', recommendHead(ITEMS.length, scoresOf), { items: ITEM_TABLE });
}

/** The same for everyone, `[N, 5]`. */
function scoresOf(ids: Value): Value {
  const popularity = constant({ dtype: 'float32', shape: [1, 5], data: Float32Array.from(POPULARITY) });
  const zeros = mul(reshape(reduceSum(toFloat32(ids), [1]), [-1, 1]), scalar(0));
  return add(zeros, popularity);
}

function artifactOf(
  name: string,
  recommend: Pick<Head, 'inputs' | 'outputs'>,
  more: Partial<Manifest> = {},
): Artifact {
  const items = input('items', ['N'], 'int64');
  const k = input('k', [1], 'int64');
  const table = Float32Array.from({ length: 25 }, (_, i) => similarity(Math.floor(i / 5), i % 5));
  const ranked = topK(gather(constant({ dtype: 'float32', shape: [5, 5], data: table }), items, 0), k);
  return graphArtifact(
    name,
    {
      recommend,
      similar: { inputs: [items, k], outputs: { similar: ranked.indices, scores: ranked.values } },
    },
    ({ features }) => ({
      features: {
        ...features,
        ...{ count: ITEMS.length, names: [...ITEMS], rowShape: [ITEMS.length] },
        statistics: { ...features.statistics, mean: [...SHARES] },
      },
      operations: ['recommend', 'similar'],
      ...more,
    }),
  );
}

/** The `k` most popular items but some; of users without items, with the share of users who had them. */
export function expectedRecommendations(
  without: readonly string[],
  k: number,
  scores: readonly number[] = POPULARITY,
) {
  return ITEMS.map((item, i) => ({ item, score: scores[i]! }))
    .filter(({ item }) => !without.includes(item))
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
