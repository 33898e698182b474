/** Elementwise activation functions. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { mul, sub } from './arithmetic.ts';
import { abs, log, sign } from './powers.ts';
import { elementwise } from './shapes.ts';

/** ONNX `Relu`; the gradient at 0 is 0. */
export const reluOp: Op = {
  type: 'Relu',
  infer: elementwise('Relu'),
  // The output is zero or positive, so its sign is the derivative; unlike the input, it is needed anyway.
  gradient: (g, { outputs: [y] }) => [mul(g, sign(y!))],
  kernel: (tf, [x]) => [tf.relu(x!)],
};

/** ONNX `Sigmoid`: 1 / (1 + exp(-x)). */
export const sigmoidOp: Op = {
  type: 'Sigmoid',
  infer: elementwise('Sigmoid'),
  gradient: (g, { outputs: [y] }) => [mul(g, mul(y!, sub(scalar(1), y!)))],
  kernel: (tf, [x]) => [tf.sigmoid(x!)],
};

/** ONNX `Tanh`. */
export const tanhOp: Op = {
  type: 'Tanh',
  infer: elementwise('Tanh'),
  gradient: (g, { outputs: [y] }) => [mul(g, sub(scalar(1), mul(y!, y!)))],
  kernel: (tf, [x]) => [tf.tanh(x!)],
};

/** ONNX `Softplus`: log(1 + exp(x)), without overflow. */
export const softplusOp: Op = {
  type: 'Softplus',
  infer: elementwise('Softplus'),
  gradient: (g, { inputs: [x] }) => [mul(g, sigmoid(x!))],
  kernel: (tf, [x]) => [tf.softplus(x!)],
  // onnxruntime's kernel takes exponentials and logarithms one by one: it was a third of a whole training step. The
  // same as max(x, 0) + log(1 + exp(-|x|)); where the sigmoid rounds to 1, what is lost is below float32's precision.
  lower: ([x]) => sub(relu(x!), log(sigmoid(abs(x!)))),
};

export function relu(x: Value): Value {
  return apply(reluOp, [x]);
}

export function sigmoid(x: Value): Value {
  return apply(sigmoidOp, [x]);
}

export function tanh(x: Value): Value {
  return apply(tanhOp, [x]);
}

export function softplus(x: Value): Value {
  return apply(softplusOp, [x]);
}
