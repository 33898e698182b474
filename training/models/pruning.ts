/** Magnitude pruning: of each column of a weight, only the largest values are kept, fewer and fewer of them. */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { expand } from '../graph/ops/broadcast.ts';
import { zerosLike } from '../graph/ops/concat.ts';
import { stopGradient } from '../graph/ops/identity.ts';
import { abs } from '../graph/ops/powers.ts';
import { scatterColumns } from '../graph/ops/scatter.ts';
import { topK } from '../graph/ops/topK.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Progress, Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Share of the steps after which no further values are pruned; the rest is for those that are left. */
const PRUNED_BY = 0.5;

/** Returns the schedule of the values kept: from all to `count`, by the same factor in every step. */
export function pruningSchedule(all: number, count: number): (progress: Progress) => number {
  return ({ step, stepsPerEpoch, epochs }) => {
    const done = Math.min(1, step / (PRUNED_BY * stepsPerEpoch * epochs));
    return Math.round(all * (count / all) ** done);
  };
}

/**
 * Sets all but the `count` (int64 `[1]`) values of largest magnitude of each column of `weight [rows, columns]` to 0.
 * The gradient is that of all values (straight through), so that one may become large enough to be kept again.
 */
export function pruned(weight: Value, count: Value): Value {
  const perColumn = transpose(abs(weight), [1, 0]);
  const { indices } = topK(perColumn, count);
  const kept = scatterColumns(zerosLike(perColumn), indices, expand(scalar(1), indices));
  const left = mul(weight, transpose(kept, [1, 0]));
  return add(weight, stopGradient(sub(left, weight)));
}
