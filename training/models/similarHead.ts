/** The graph `similar`: from items to the items that are most similar to them. */
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

/** The score of an item with itself, which is never returned: below every cosine. */
const NEVER = -2;
/** Keeps the vector of an item whose weights are all 0 finite. */
const EPSILON = 1e-12;
/** Number of similar items for measuring parity. */
const EXAMPLE_K = 20;

/**
 * Builds the graph.
 *
 * - inputs: `items` int64 `[N]`, ids of items; and `k` int64 `[1]`, the number of similar items per item,
 *   from 1 to the number of items
 * - outputs: `similar` int64 `[N, K]`, best first and never the item itself, -1 if no items are left;
 *   `scores` float32 `[N, K]`, the cosine similarity of both items' weights, -2 if no items are left;
 *   `vectors` float32 `[N, units]`, the items' weights scaled to length 1, for vector stores that compare by
 *   cosine
 *
 * `weight` is the weight of the decoder's last layer, `[units, items]`, with a column of factors per item
 * (similarity as in Sarwar et al., 2001).
 */
export function similarHead(weight: Value): Head {
  const items = weight.shape[1] as number;
  const ids = input('items', ['N'], 'int64');
  const k = input('k', [1], 'int64');
  const lengths = sqrt(add(reduceSum(square(weight), [0]), scalar(EPSILON)));
  // Export folds this into a constant, which is both the source of the vectors and the table they are
  // compared with.
  const directions = div(weight, lengths);
  const vectors = transpose(gather(directions, ids, 1), [1, 0]);
  const cosines = gemm(vectors, directions);
  const own = unsqueeze(ids, [1]);
  const { values, indices } = topK(scatterColumns(cosines, own, expand(scalar(NEVER), own)), k);
  return {
    inputs: [ids, k],
    inputsOf: (rows) => [squeeze(topK(rows, int64s([1])).indices, [1]), int64s([Math.min(EXAMPLE_K, items)])],
    // Halfway between -1 and `NEVER`, since rounding may put the cosine of opposite vectors slightly below
    // -1.
    outputs: {
      similar: idsWhere(step(sub(values, scalar((NEVER - 1) / 2))), indices),
      scores: values,
      vectors,
    },
    rankedBy: { similar: 'scores' },
  };
}
