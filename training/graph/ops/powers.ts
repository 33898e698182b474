/** Roots and powers. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { div, mul } from './arithmetic.ts';
import { elementwise } from './shapes.ts';

/** ONNX `Sqrt`. */
export const sqrtOp: Op = {
  type: 'Sqrt',
  infer: elementwise('Sqrt'),
  gradient: (g, { outputs: [y] }) => [div(mul(g, scalar(0.5)), y!)],
  kernel: (tf, [x]) => [tf.sqrt(x!)],
};

export function sqrt(x: Value): Value {
  return apply(sqrtOp, [x]);
}

export function square(x: Value): Value {
  return mul(x, x);
}
