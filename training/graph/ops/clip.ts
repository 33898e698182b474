/** Keeping values within bounds. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { mul, sub } from './arithmetic.ts';
import { abs } from './powers.ts';
import { elementwise } from './shapes.ts';
import { step } from './step.ts';

/** ONNX `Clip` of `x` to scalars `min` and `max`; the gradient passes within the bounds, them included. */
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

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** `x` with what lies outside the bounds moved to the nearest one; unbounded where not given. */
export function clip(
  x: Value,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Bounds,
): Value {
  return apply(clipOp, [x, scalar(min), scalar(max)]);
}
