/** Batch normalisation (Ioffe & Szegedy, 2015), per feature of dense layers and per channel of convolutional ones. */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { sqrt } from '../graph/ops/powers.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import { EPSILON, learnedAffine, type Normalization, standardize } from './normalization.ts';

/** Share of a running statistic that a step keeps: ONNX's and Keras's meaning; PyTorch calls 1 - 0.9 momentum. */
const MOMENTUM = 0.9;

/**
 * As ONNX's `BatchNormalization`: training normalises with the mean and the population variance of the batch, and moves
 * the running ones towards them; evaluation uses the running ones. There the scale goes into the weights and the shift
 * into the bias, which leaves one operator where weights are known. The map has no bias of its own: the mean takes it off.
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
