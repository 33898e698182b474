/** The graph `recommend`: the items that a user had in, those that they will like best out. */
import { sub } from '../graph/ops/arithmetic.ts';
import { expand } from '../graph/ops/broadcast.ts';
import { pad } from '../graph/ops/pad.ts';
import { scatterColumns } from '../graph/ops/scatter.ts';
import { step } from '../graph/ops/step.ts';
import { topK } from '../graph/ops/topK.ts';
import type { Value } from '../graph/types.ts';
import { input, int64s, scalar } from '../graph/value.ts';
import { idsWhere } from './itemIds.ts';
import type { Head } from './model.ts';

/** The score of what is never recommended: finite, so that it survives arithmetic. */
const NEVER = -3e38;
/** How much parity is measured with. */
const EXAMPLE = { items: 50, k: 20 };

/**
 * - in: `items` int64 `[N, L]`, the numbers of every user's items, each once, -1 where there are fewer than L; and `k`
 *   int64 `[1]`, how many to recommend, from 1 to the number of items
 * - out: `items` int64 `[N, K]`, best first and none of those given, -1 where none are left; `scores` float32 `[N, K]`,
 *   unnormalised log-probabilities, which compare within a user only
 *
 * `scoresOf` gives the score `[N, items]` of every item for such ids.
 */
export function recommendHead(items: number, scoresOf: (ids: Value) => Value): Head {
  const ids = input('items', ['N', 'L'], 'int64');
  const k = input('k', [1], 'int64');
  // -1 is the last column: one that is added for it, and dropped again.
  const withSpare = pad(scoresOf(ids), [0, 0, 0, 1]);
  const never = expand(scalar(NEVER), ids);
  const { values, indices } = topK(pad(scatterColumns(withSpare, ids, never), [0, 0, 0, -1]), k);
  return {
    inputs: [ids, k],
    inputsOf: (rows) => {
      const had = topK(rows, int64s([Math.min(EXAMPLE.items, items)]));
      return [idsWhere(step(had.values), had.indices), int64s([Math.min(EXAMPLE.k, items)])];
    },
    outputs: { recommended: idsWhere(step(sub(values, scalar(NEVER))), indices), scores: values },
    rankedBy: { recommended: 'scores' },
  };
}
