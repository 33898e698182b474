/** Ids of items in the outputs of graphs. */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { toFloat32, toInt64 } from '../graph/ops/shape.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Returns the int64 `ids` where `chosen` is 1, and -1 where it is 0. */
export function idsWhere(chosen: Value, ids: Value): Value {
  return toInt64(sub(mul(chosen, add(toFloat32(ids), scalar(1))), scalar(1)));
}
