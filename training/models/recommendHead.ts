/**
 * The graph `recommend`: from the items that a user has to the items that they are most likely to want next.
 */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { expand, reduceSumOp } from '../graph/ops/broadcast.ts';
import { pad } from '../graph/ops/pad.ts';
import { scatterColumns } from '../graph/ops/scatter.ts';
import { step } from '../graph/ops/step.ts';
import { topK } from '../graph/ops/topK.ts';
import type { Value } from '../graph/types.ts';
import { apply, input, int64s, scalar } from '../graph/value.ts';
import { isId } from '../layers/items.ts';
import { idsWhere } from './itemIds.ts';
import type { Head } from './model.ts';

/** The score of items that must not be recommended: finite, so that arithmetic with it gives no NaN. */
const NEVER = -3e38;
/** Sizes of the example inputs for measuring parity. */
const EXAMPLE = { items: 50, allowed: 500, k: 20 };

/**
 * Builds the graph. Lists of item ids are int64 with one row per user; shorter rows are filled up with -1.
 *
 * - inputs: `items [N, L]`, the items of every user, without duplicates; `excluded [N, M]`, items that must
 *   not be recommended (usually including the items of the user); `allowed [N, A]`, the only items that may
 *   be recommended, or all items if a row is empty; and `k [1]`, the number of recommendations, from 1 to the
 *   number of items
 * - outputs: `recommended` int64 `[N, K]`, best first, -1 if no items are left; `scores` float32 `[N, K]`,
 *   unnormalised log-probabilities, which are comparable only within a user
 *
 * `scoresOf` returns the score of every item, `[N, items]`, for `items`.
 */
export function recommendHead(items: number, scoresOf: (ids: Value) => Value): Head {
  const ids = input('items', ['N', 'L'], 'int64');
  const excluded = input('excluded', ['N', 'M'], 'int64');
  const allowed = input('allowed', ['N', 'A'], 'int64');
  const k = input('k', [1], 'int64');
  // The id -1 addresses the last column, which is added for it and dropped again.
  const scores = restrictTo(pad(scoresOf(ids), [0, 0, 0, 1]), allowed);
  const left = scatterColumns(scores, excluded, expand(scalar(NEVER), excluded));
  const { values, indices } = topK(pad(left, [0, 0, 0, -1]), k);
  return {
    inputs: [ids, excluded, allowed, k],
    inputsOf: (rows) => {
      const count = (most: number) => int64s([Math.min(most, items)]);
      const had = topK(rows, count(EXAMPLE.items));
      const given = idsWhere(step(had.values), had.indices);
      return [given, given, topK(rows, count(EXAMPLE.allowed)).indices, count(EXAMPLE.k)];
    },
    outputs: { recommended: idsWhere(step(sub(values, scalar(NEVER))), indices), scores: values },
    rankedBy: { recommended: 'scores' },
  };
}

/**
 * Returns the scores of allowed items and `NEVER` for all others; rows without allowed items are
 * unrestricted.
 */
function restrictTo(scores: Value, allowed: Value): Value {
  const isLimited = step(apply(reduceSumOp, [isId(allowed)], { axes: [1], keepdims: 1 }));
  const barred = add(mul(scores, scalar(0)), mul(isLimited, scalar(NEVER)));
  // A score that is added to `NEVER` vanishes in rounding.
  return add(scores, scatterColumns(barred, allowed, expand(scalar(0), allowed)));
}
