/** Directions of rows: what is left of them without their length. */
import { add, div } from '../graph/ops/arithmetic.ts';
import { reduceSumOp } from '../graph/ops/broadcast.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { apply, constant, scalar } from '../graph/value.ts';

/** Keeps the directions of rows of zeros finite. */
const EPSILON = 1e-12;

/** Rows from this width on are summed in blocks. */
const WIDE = 4096;

/** Returns the Euclidean length of each row of `[N, width]`, `[N, 1]`. */
export function lengths(rows: Value): Value {
  return sqrt(add(rowSums(square(rows)), scalar(EPSILON)));
}

/**
 * The WASM runtime adds up a row one value at a time, which loses digits of the sum of 200,000 values; as a product it
 * is computed in blocks.
 */
function rowSums(rows: Value): Value {
  const width = rows.shape[1];
  if (typeof width !== 'number' || width < WIDE)
    return apply(reduceSumOp, [rows], { axes: [1], keepdims: 1 });
  return gemm(rows, constant({ dtype: 'float32', shape: [width, 1], data: new Float32Array(width).fill(1) }));
}

/** Scales the rows of `[N, width]` to length 1; rows of zeros stay zeros. */
export function directions(rows: Value): Value {
  return div(rows, lengths(rows));
}
