/** Directions of rows: what is left of them without their length. */
import { add, div } from '../graph/ops/arithmetic.ts';
import { reduceSumOp } from '../graph/ops/broadcast.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { apply, scalar } from '../graph/value.ts';

/** Keeps the directions of rows of zeros finite. */
const EPSILON = 1e-12;

/** Returns the Euclidean length of each row of `[N, width]`, `[N, 1]`. */
export function lengths(rows: Value): Value {
  return sqrt(add(apply(reduceSumOp, [square(rows)], { axes: [1], keepdims: 1 }), scalar(EPSILON)));
}

/** Scales the rows of `[N, width]` to length 1; rows of zeros stay zeros. */
export function directions(rows: Value): Value {
  return div(rows, lengths(rows));
}
