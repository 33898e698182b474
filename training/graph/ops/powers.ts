/** Roots, squares, logarithms, signs and absolute values. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { div, mul } from './arithmetic.ts';
import { elementwise } from './shapeRules.ts';

/** ONNX `Sqrt`. */
export const sqrtOp: Op = {
  type: 'Sqrt',
  infer: elementwise('Sqrt'),
  gradient: (g, { outputs: [y] }) => [div(mul(g, scalar(0.5)), y!)],
  kernel: (tf, [x]) => [tf.sqrt(x!)],
};

/** ONNX `Log`, natural. */
export const logOp: Op = {
  type: 'Log',
  infer: elementwise('Log'),
  gradient: (g, { inputs: [x] }) => [div(g, x!)],
  kernel: (tf, [x]) => [tf.log(x!)],
};

/** ONNX `Sign`: -1, 0 or 1. Stops gradients, since its own is zero wherever it exists. */
export const signOp: Op = {
  type: 'Sign',
  infer: elementwise('Sign'),
  gradient: null,
  kernel: (tf, [x]) => [tf.sign(x!)],
};

/** ONNX `Abs`; the gradient at 0 is 0. */
export const absOp: Op = {
  type: 'Abs',
  infer: elementwise('Abs'),
  gradient: (g, { inputs: [x] }) => [mul(g, sign(x!))],
  kernel: (tf, [x]) => [tf.abs(x!)],
};

export function sqrt(x: Value): Value {
  return apply(sqrtOp, [x]);
}

export function square(x: Value): Value {
  return mul(x, x);
}

export function log(x: Value): Value {
  return apply(logOp, [x]);
}

export function sign(x: Value): Value {
  return apply(signOp, [x]);
}

export function abs(x: Value): Value {
  return apply(absOp, [x]);
}
