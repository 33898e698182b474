/** The activation functions that layers take by name. */
import { leakyRelu, relu, sigmoid, softplus, tanh } from '../graph/ops/activations.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { elu, erf, softmax } from '../graph/ops/exponentials.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Constants of Klambauer et al., 2017, with which activations keep mean 0 and variance 1. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** x times the normal distribution function (Hendrycks & Gimpel, 2016), exactly, by the error function. */
function gelu(x: Value): Value {
  return mul(mul(scalar(0.5), x), add(scalar(1), erf(mul(x, scalar(Math.SQRT1_2)))));
}

function selu(x: Value): Value {
  return mul(scalar(SELU_SCALE), elu(x, SELU_ALPHA));
}

export const ACTIVATIONS = {
  elu: (x) => elu(x),
  gelu,
  leakyRelu: (x) => leakyRelu(x),
  linear: (x) => x,
  relu,
  selu,
  sigmoid,
  softmax,
  softplus,
  tanh,
} as const satisfies Record<string, (x: Value) => Value>;

export type Activation = keyof typeof ACTIVATIONS;

/** Each of them, for the documentation. */
export const ACTIVATION_FORMULAS: Readonly<Record<Activation, string>> = {
  elu: 'x, and exp(x) - 1 below 0',
  gelu: 'x times the normal distribution function',
  leakyRelu: 'x, and 0.01 x below 0',
  linear: 'x',
  relu: 'x, and 0 below 0',
  selu: 'elu, scaled so that mean 0 and variance 1 stay so',
  sigmoid: '1 / (1 + exp(-x))',
  softmax: 'exp(x) over its sum over the last axis',
  softplus: 'log(1 + exp(x))',
  tanh: 'tanh(x)',
};
