/** `ArgMax`: the index of the largest value. */
import type { Op, Value } from '../types.ts';
import { apply } from '../value.ts';
import { untracked } from './identity.ts';
import { normalizeAxes, reduceShape, requireFloat32 } from './shapeRules.ts';

/**
 * ONNX `ArgMax`: the int64 index of the largest value along `axis`, which is dropped; the first among equals.
 */
export const argMaxOp: Op = {
  type: 'ArgMax',
  attributes: { axis: 'int', keepdims: 'int' },
  infer: ([x], { axis }) => {
    requireFloat32('ArgMax', [x!]);
    const axes = normalizeAxes('ArgMax', x!, [axis as number]);
    return [{ dtype: 'int64', shape: reduceShape(x!.shape, axes, false) }];
  },
  gradient: null,
  kernel: (tf, [x], { axis }) => [tf.argMax(untracked(tf, x!), axis as number)],
};

/** Returns the int64 index of the largest value along `axis`, which is dropped; without gradient. */
export function argMax(x: Value, axis: number): Value {
  return apply(argMaxOp, [x], { axis, keepdims: 0 });
}
