/** Limits values to bounds. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { mul, sub } from './arithmetic.ts';
import { abs } from './powers.ts';
import { elementwise } from './shapeRules.ts';
import { step } from './step.ts';

/** ONNX `Clip` of `x` to scalars `min` and `max`; the gradient passes within the bounds and at them. */
export const clipOp: Op = {
  type: 'Clip',
  infer: elementwise('Clip'),
  gradient: (g, { inputs: [x], outputs: [y] }) => [
    mul(g, sub(scalar(1), step(abs(sub(x!, y!))))),
    undefined,
    undefined,
  ],
  kernel: (tf, [x, min, max]) => [tf.minimum(tf.maximum(x!, min!), max!)],
};

export interface ClipBounds {
  readonly min?: number;
  readonly max?: number;
}

/** Limits `x` to the bounds; a missing bound does not limit. */
export function clip(
  x: Value,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: ClipBounds,
): Value {
  return apply(clipOp, [x, scalar(min), scalar(max)]);
}
