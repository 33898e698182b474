/** Penalties on the code, each a scalar to add to the loss. */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, log } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Mean over the rows of the sum of the code's absolute values. */
export function l1(code: Value): Value {
  return reduceMean(reduceSum(abs(code), [1]));
}

/** Keeps logarithms finite when a unit is always on or always off. */
const EPSILON = 1e-6;

/**
 * Sum over the units of the Kullback-Leibler divergence between a coin with heads at `target` and one with heads at the
 * unit's mean activation over the batch; activations lie in [0, 1] (Ng, "Sparse autoencoder", CS294A notes, 2011).
 */
export function activationDivergence(code: Value, target: number): Value {
  const squeezed = add(mul(reduceMean(code, [0]), scalar(1 - 2 * EPSILON)), scalar(EPSILON));
  const on = mul(scalar(target), log(div(scalar(target), squeezed)));
  const off = mul(scalar(1 - target), log(div(scalar(1 - target), sub(scalar(1), squeezed))));
  return reduceSum(add(on, off));
}

/** Mean over the rows of half the sum of mean^2 + variance - log variance - 1: KL from N(0, 1), per dimension `[k]`. */
export function gaussianDivergence(mean: Value, logVariance: Value, variance: Value): Value {
  const terms = sub(add(mul(mean, mean), variance), add(logVariance, scalar(1)));
  return mul(scalar(0.5), reduceMean(terms, [0]));
}
