/** The graph `recommend`: the items that a user had in, those that they will like best out. */
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

/** The score of what is never recommended: finite, so that it survives arithmetic. */
const NEVER = -3e38;
/** How much parity is measured with. */
const EXAMPLE = { items: 50, allowed: 500, k: 20 };

/**
 * Lists of numbers of items are int64, one row per user, -1 where a row is shorter than the longest.
 *
 * - in: `items` `[N, L]`, what every user had, each once; `excluded` `[N, M]`, what is not to be recommended (usually what they
 *   had, among others); `allowed` `[N, A]`, what alone may be recommended, everything where a row names none; and `k`
 *   `[1]`, how many to recommend, from 1 to the number of items
 * - out: `recommended` int64 `[N, K]`, best first, -1 where none are left; `scores` float32 `[N, K]`, unnormalised
 *   log-probabilities, which compare within a user only
 *
 * `scoresOf` gives the score `[N, items]` of every item for such `items`.
 */
export function recommendHead(items: number, scoresOf: (ids: Value) => Value): Head {
  const ids = input('items', ['N', 'L'], 'int64');
  const excluded = input('excluded', ['N', 'M'], 'int64');
  const allowed = input('allowed', ['N', 'A'], 'int64');
  const k = input('k', [1], 'int64');
  // -1 is the last column: one that is added for it, and dropped again.
  const scores = within(pad(scoresOf(ids), [0, 0, 0, 1]), allowed);
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

/** The scores of what is allowed, `NEVER` for all else; all of them in rows that name nothing. */
function within(scores: Value, allowed: Value): Value {
  const isLimited = step(apply(reduceSumOp, [isId(allowed)], { axes: [1], keepdims: 1 }));
  const barred = add(mul(scores, scalar(0)), mul(isLimited, scalar(NEVER)));
  // Next to `NEVER`, a score is less than rounding.
  return add(scores, scatterColumns(barred, allowed, expand(scalar(0), allowed)));
}
