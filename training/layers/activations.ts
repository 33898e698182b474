/** All activation functions, by the names that settings use. */
import { leakyRelu, relu, sigmoid, softplus, tanh } from '../graph/ops/activations.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { elu, erf, softmax } from '../graph/ops/exponentials.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Constants of Klambauer et al., 2017, with which layers preserve mean 0 and variance 1. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

export interface ActivationDefinition {
  /** Formula for the documentation. */
  readonly summary: string;
  /** Applies the function to each value; softmax, to each row. */
  readonly apply: (x: Value) => Value;
}

/** Hendrycks & Gimpel, 2016: exact, by the error function. */
function gelu(x: Value): Value {
  return mul(mul(scalar(0.5), x), add(scalar(1), erf(mul(x, scalar(Math.SQRT1_2)))));
}

function selu(x: Value): Value {
  return mul(scalar(SELU_SCALE), elu(x, SELU_ALPHA));
}

export const ACTIVATIONS = {
  elu: { summary: 'x, and exp(x) - 1 below 0', apply: (x) => elu(x) },
  gelu: { summary: 'x times the normal distribution function', apply: gelu },
  leakyRelu: { summary: 'x, and 0.01 x below 0', apply: (x) => leakyRelu(x) },
  linear: { summary: 'x', apply: (x) => x },
  relu: { summary: 'x, and 0 below 0', apply: relu },
  selu: { summary: 'elu, scaled to preserve mean 0 and variance 1', apply: selu },
  sigmoid: { summary: '1 / (1 + exp(-x))', apply: sigmoid },
  softmax: { summary: 'exp(x) divided by its sum over the last axis', apply: softmax },
  softplus: { summary: 'log(1 + exp(x))', apply: softplus },
  tanh: { summary: 'tanh(x)', apply: tanh },
} as const satisfies Record<string, ActivationDefinition>;

export type Activation = keyof typeof ACTIVATIONS;
