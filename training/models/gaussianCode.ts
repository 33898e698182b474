/**
 * A code with a Gaussian distribution per row: the common part of variational encoders (Kingma & Welling,
 * 2014).
 */
import { add, mul } from '../graph/ops/arithmetic.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { square } from '../graph/ops/powers.ts';
import type { Progress, Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { type DenseOptions, dense } from '../layers/dense.ts';
import type { Context } from '../layers/layer.ts';
import { gaussianDivergence } from '../objectives/penalties.ts';

/** Parameters of the distribution, all `[N, codeSize]`. */
export interface GaussianCode {
  readonly mean: Value;
  readonly logVariance: Value;
  readonly deviation: Value;
}

export interface GaussianCodeOptions extends Pick<DenseOptions, 'inputs' | 'initializer' | 'seed'> {
  readonly codeSize: number;
}

/**
 * Creates two linear layers from the last hidden values `[N, inputs]` to the mean and the logarithm of the
 * variance.
 */
export function gaussianCode({ codeSize, ...options }: GaussianCodeOptions) {
  const head = (name: string) =>
    dense({ ...options, name: `encoder/${name}`, units: codeSize, activation: 'linear' }).layer;
  const [meanHead, logVarianceHead] = [head('mean'), head('log_variance')];
  return (inside: Value, context: Context): GaussianCode => {
    const logVariance = logVarianceHead(inside, context);
    return {
      mean: meanHead(inside, context),
      logVariance,
      deviation: exp(mul(scalar(0.5), logVariance)),
    };
  };
}

/** Samples the code of every row, `[N, codeSize]`, anew at every step. */
export function sampled({ mean, deviation }: GaussianCode, context: Context): Value {
  return add(mean, mul(deviation, context.noise('epsilon', mean.shape, 'normal')));
}

/** Returns the KL divergence from N(0, 1) in nats, averaged over the rows, per dimension: `[codeSize]`. */
export function divergenceOf({ mean, logVariance, deviation }: GaussianCode): Value {
  return gaussianDivergence(mean, logVariance, square(deviation));
}

/**
 * A dimension is active if its divergence from the prior exceeds this many nats (similar to Burda et al.,
 * 2016).
 */
const ACTIVE_NATS = 0.01;

/** Returns metrics of the mean divergence per dimension. */
export function divergenceMetrics(divergence: Float32Array): { kl: number; 'active-dimensions': number } {
  return {
    kl: divergence.reduce((sum, nats) => sum + nats, 0),
    'active-dimensions': divergence.filter((nats) => nats > ACTIVE_NATS).length,
  };
}

/** Returns a schedule that rises linearly from 0 to `beta` over the given epochs and then stays there. */
export function warmUp(beta: number, epochs: number): (progress: Progress) => number {
  return ({ step, stepsPerEpoch }) => beta * Math.min(1, epochs === 0 ? 1 : step / (epochs * stepsPerEpoch));
}
