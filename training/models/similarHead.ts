/** The graph `similar`: items in, the items that are most like them out. */
import { add, div, sub } from '../graph/ops/arithmetic.ts';
import { expand, reduceSum } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { scatterColumns } from '../graph/ops/scatter.ts';
import { squeeze, unsqueeze } from '../graph/ops/squeeze.ts';
import { step } from '../graph/ops/step.ts';
import { topK } from '../graph/ops/topK.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Value } from '../graph/types.ts';
import { input, int64s, scalar } from '../graph/value.ts';
import { idsWhere } from './itemIds.ts';
import type { Head } from './model.ts';

/** The score of an item with itself, which is never an answer: below every cosine. */
const NEVER = -2;
/** Keeps the direction of an item whose weights are all 0 finite. */
const EPSILON = 1e-12;
/** How many similar items parity is measured with. */
const EXAMPLE_K = 20;

/**
 * - in: `items` int64 `[N]`, numbers of items; and `k` int64 `[1]`, how many similar ones to give, from 1 to the number of
 *   items
 * - out: `similar` int64 `[N, K]`, best first and never the item itself, -1 where none are left; `scores` float32 `[N, K]`, the
 *   cosine of the angle between both items' weights, and -2 where none are left; `vectors` float32 `[N, units]`, the items'
 *   weights scaled to length 1, for stores that compare by the same cosine
 *
 * `weight` is that of the decoder's last layer, `[units, items]`: a column is what makes an item likely (as the item
 * factors of Sarwar et al., 2001, by cosine).
 */
export function similarHead(weight: Value): Head {
  const items = weight.shape[1] as number;
  const ids = input('items', ['N'], 'int64');
  const k = input('k', [1], 'int64');
  const lengths = sqrt(add(reduceSum(square(weight), [0]), scalar(EPSILON)));
  // Worked out once when a model is exported. Rows are picked of the same table that they are compared with.
  const directions = div(weight, lengths);
  const vectors = transpose(gather(directions, ids, 1), [1, 0]);
  const cosines = gemm(vectors, directions);
  const own = unsqueeze(ids, [1]);
  const { values, indices } = topK(scatterColumns(cosines, own, expand(scalar(NEVER), own)), k);
  return {
    inputs: [ids, k],
    inputsOf: (rows) => [squeeze(topK(rows, int64s([1])).indices, [1]), int64s([Math.min(EXAMPLE_K, items)])],
    // Halfway, since rounding may take the cosine of opposites a little below -1.
    outputs: {
      similar: idsWhere(step(sub(values, scalar((NEVER - 1) / 2))), indices),
      scores: values,
      vectors,
    },
    rankedBy: { similar: 'scores' },
  };
}
