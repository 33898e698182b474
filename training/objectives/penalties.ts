/** Penalties on the code, to be added to the loss. */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, log } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Mean over the rows of the L1 norm of the code `[N, k]`: a scalar. */
export function l1(code: Value): Value {
  return reduceMean(reduceSum(abs(code), [1]));
}

/** Keeps logarithms finite if a unit is always on or always off. */
const EPSILON = 1e-6;

/**
 * Sum over the units of KL(Bernoulli(target) || Bernoulli(mean activation over the batch)) for activations
 * `[N, k]` in [0, 1] (Ng, "Sparse autoencoder", CS294A notes, 2011): a scalar, in nats.
 */
export function activationDivergence(code: Value, target: number): Value {
  const squeezed = add(mul(reduceMean(code, [0]), scalar(1 - 2 * EPSILON)), scalar(EPSILON));
  const on = mul(scalar(target), log(div(scalar(target), squeezed)));
  const off = mul(scalar(1 - target), log(div(scalar(1 - target), sub(scalar(1), squeezed))));
  return reduceSum(add(on, off));
}

/**
 * KL divergence of N(mean, variance) from N(0, 1) in nats, averaged over the rows: one value per dimension,
 * `[k]`.
 */
export function gaussianDivergence(mean: Value, logVariance: Value, variance: Value): Value {
  const terms = sub(add(mul(mean, mean), variance), add(logVariance, scalar(1)));
  return mul(scalar(0.5), reduceMean(terms, [0]));
}
