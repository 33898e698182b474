/** Elementwise activation functions. */
import type { Op, Value } from '../types.ts';
import { apply, scalar } from '../value.ts';
import { add, mul, sub } from './arithmetic.ts';
import { sign } from './powers.ts';
import { elementwise } from './shapeRules.ts';
import { step } from './step.ts';

/** ONNX `Relu`; the gradient at 0 is 0. */
export const reluOp: Op = {
  type: 'Relu',
  infer: elementwise('Relu'),
  // From the output, which is kept in any case, unlike the input.
  gradient: (g, { outputs: [y] }) => [mul(g, step(y!))],
  kernel: (tf, [x]) => [tf.relu(x!)],
};

/** ONNX `LeakyRelu`: x if positive, otherwise alpha x. */
export const leakyReluOp: Op = {
  type: 'LeakyRelu',
  attributes: { alpha: 'float' },
  infer: elementwise('LeakyRelu'),
  gradient: (g, { inputs: [x], attributes }) => {
    const alpha = attributes.alpha as number;
    // 1 for a positive sign, alpha for a negative one.
    const slope = add(scalar((1 + alpha) / 2), mul(scalar((1 - alpha) / 2), sign(x!)));
    return [mul(g, slope)];
  },
  kernel: (tf, [x], { alpha }) => [tf.leakyRelu(x!, alpha as number)],
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
};

export function relu(x: Value): Value {
  return apply(reluOp, [x]);
}

export function leakyRelu(x: Value, alpha = 0.01): Value {
  return apply(leakyReluOp, [x], { alpha });
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
