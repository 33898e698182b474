/** Exponentials and functions based on them. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { add, mul, neg, sub } from './arithmetic.ts';
import { reduceSumOp } from './broadcast.ts';
import { sign, square } from './powers.ts';
import { elementwise } from './shapeRules.ts';

/** ONNX `Exp`. */
export const expOp: Op = {
  type: 'Exp',
  infer: elementwise('Exp'),
  gradient: (g, { outputs: [y] }) => [mul(g, y!)],
  kernel: (tf, [x]) => [tf.exp(x!)],
};

/** ONNX `Erf`: the error function. */
export const erfOp: Op = {
  type: 'Erf',
  infer: elementwise('Erf'),
  gradient: (g, { inputs: [x] }) => [mul(g, mul(scalar(2 / Math.sqrt(Math.PI)), exp(neg(square(x!)))))],
  kernel: (tf, [x]) => [tf.erf(x!)],
};

/** ONNX `Elu`: x if positive, otherwise alpha (exp(x) - 1) (Clevert et al., 2016). */
export const eluOp: Op = {
  type: 'Elu',
  attributes: { alpha: 'float' },
  infer: elementwise('Elu'),
  gradient: (g, { outputs: [y], attributes: { alpha } }) => {
    const positive = mul(scalar(0.5), add(scalar(1), sign(y!)));
    const elsewhere = mul(sub(scalar(1), positive), add(y!, scalar(alpha as number)));
    return [mul(g, add(positive, elsewhere))];
  },
  kernel: (tf, [x], { alpha }) => [tf.add(tf.relu(x!), tf.mul(tf.expm1(tf.minimum(x!, 0)), alpha as number))],
};

/** ONNX `Softmax` over the last axis. */
export const softmaxOp: Op = {
  type: 'Softmax',
  infer: elementwise('Softmax'),
  gradient: (g, { outputs: [y] }) => [mul(y!, sub(g, sumOverLast(mul(g, y!))))],
  kernel: (tf, [x]) => [tf.softmax(x!)],
};

/** ONNX `LogSoftmax` over the last axis. */
export const logSoftmaxOp: Op = {
  type: 'LogSoftmax',
  infer: elementwise('LogSoftmax'),
  gradient: (g, { outputs: [y] }) => [sub(g, mul(exp(y!), sumOverLast(g)))],
  kernel: (tf, [x]) => [tf.logSoftmax(x!)],
};

export function exp(x: Value): Value {
  return apply(expOp, [x]);
}

export function erf(x: Value): Value {
  return apply(erfOp, [x]);
}

export function elu(x: Value, alpha = 1): Value {
  return apply(eluOp, [x], { alpha });
}

export function softmax(x: Value): Value {
  return apply(softmaxOp, [x]);
}

export function logSoftmax(x: Value): Value {
  return apply(logSoftmaxOp, [x]);
}

/** Sums over the last axis, which is kept with size 1. */
function sumOverLast(x: Value): Value {
  return apply(reduceSumOp, [x], { axes: [x.shape.length - 1], keepdims: 1 });
}
