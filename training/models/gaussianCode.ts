/** A code that is a Gaussian per row: what variational encoders have in common (Kingma & Welling, 2014). */
import { add, mul } from '../graph/ops/arithmetic.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { square } from '../graph/ops/powers.ts';
import type { Progress, Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { type DenseOptions, dense } from '../layers/dense.ts';
import type { Context } from '../layers/layer.ts';
import { gaussianDivergence } from '../objectives/penalties.ts';

/** All `[N, codeSize]`. */
export interface GaussianCode {
  readonly mean: Value;
  readonly logVariance: Value;
  readonly deviation: Value;
}

export interface GaussianCodeOptions extends Pick<DenseOptions, 'inputs' | 'initializer' | 'seed'> {
  readonly codeSize: number;
}

/** Two linear layers from the encoder's last hidden values `[N, inputs]`: the mean, and the logarithm of the variance. */
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

/** One sample of every row's code, drawn afresh at every step. */
export function sampled({ mean, deviation }: GaussianCode, context: Context): Value {
  return add(mean, mul(deviation, context.noise('epsilon', mean.shape, 'normal')));
}

/** The divergence from N(0, 1) in nats, mean over the rows, per dimension `[codeSize]`. */
export function divergenceOf({ mean, logVariance, deviation }: GaussianCode): Value {
  return gaussianDivergence(mean, logVariance, square(deviation));
}

/** A dimension is active where its divergence from the prior exceeds this many nats (Burda et al., 2016, use a like rule). */
const ACTIVE_NATS = 0.01;

/** Metrics of a mean divergence per dimension. */
export function divergenceMetrics(divergence: Float32Array): { kl: number; 'active-dimensions': number } {
  return {
    kl: divergence.reduce((sum, nats) => sum + nats, 0),
    'active-dimensions': divergence.filter((nats) => nats > ACTIVE_NATS).length,
  };
}

/** Linear from 0 to `beta` over the given epochs, `beta` from then on. */
export function warmUp(beta: number, epochs: number): (progress: Progress) => number {
  return ({ step, stepsPerEpoch }) => beta * Math.min(1, epochs === 0 ? 1 : step / (epochs * stepsPerEpoch));
}
