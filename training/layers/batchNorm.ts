/**
 * Batch normalisation (Ioffe & Szegedy, 2015): per feature after dense layers, per channel after
 * convolutions.
 */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { sqrt } from '../graph/ops/powers.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import { EPSILON, learnedAffine, type Normalization, standardize } from './normalization.ts';

/**
 * Share of a running statistic that a step keeps, as in ONNX and Keras; PyTorch calls 1 - 0.9 the momentum.
 */
const MOMENTUM = 0.9;

/**
 * Equivalent to ONNX's `BatchNormalization`. Training normalises with the mean and the population variance of
 * the batch, and moves the running statistics towards them; evaluation uses the running statistics. In
 * evaluation, the scale is part of the weights and the shift part of the bias, so that export folds the
 * normalisation into a single operator. The map has no bias of its own, because subtracting the mean would
 * cancel it.
 */
export const batchNorm: Normalization = (map, name, channels) => {
  const { gamma, beta, apply } = learnedAffine(name, channels);
  const runningMean = variable(`${name}/running_mean`, [channels], new Float32Array(channels));
  const runningVariance = variable(
    `${name}/running_variance`,
    [channels],
    new Float32Array(channels).fill(1),
  );
  return (x, context) => {
    if (!context.training) {
      const scale = div(gamma, sqrt(add(runningVariance, scalar(EPSILON))));
      return map(x, { scale, bias: sub(beta, mul(runningMean, scale)) });
    }
    const y = map(x, {});
    const allButChannels = y.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const { mean, variance, standardized } = standardize(y, allButChannels);
    context.update(runningMean, moved(runningMean, mean));
    context.update(runningVariance, moved(runningVariance, variance));
    return apply(standardized);
  };
};

function moved(running: Variable, batch: Value): Value {
  return add(mul(running, scalar(MOMENTUM)), mul(batch, scalar(1 - MOMENTUM)));
}
