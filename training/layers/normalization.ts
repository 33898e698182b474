/** What every normalisation is: a way to apply a linear map so that its outputs keep a mean and a variance. */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import type { Layer } from './layer.ts';

/** A number per channel each, for the outputs `[N, channels, ...]` of a linear map. */
export interface Affine {
  /** Times the weights, so that it costs nothing once they are known. */
  readonly scale?: Value;
  /** Added to the outputs. */
  readonly bias?: Value;
}

/** A map by weights, to float32 `[N, channels, ...]`. */
export type LinearMap = (x: Value, affine: Affine) => Value;

/** `name` is the prefix of the names of what the normalisation learns. */
export type Normalization = (map: LinearMap, name: string, channels: number) => Layer;

/** Added to variances so that their roots can be divided by: PyTorch's and ONNX's default (Keras has 1e-3). */
export const EPSILON = 1e-5;

/** `x` with mean 0 and variance 1 over `axes`, and what these were; the variance is that of a population (over n). */
export function standardize(x: Value, axes: readonly number[]) {
  const mean = reduceMean(x, axes);
  const centered = sub(x, unsqueeze(mean, axes));
  const variance = reduceMean(square(centered), axes);
  const deviation = unsqueeze(sqrt(add(variance, scalar(EPSILON))), axes);
  return { mean, variance, standardized: div(centered, deviation) };
}

/** The learned scale and shift of normalised outputs, which start as 1 and 0. */
export function learnedAffine(name: string, channels: number) {
  const gamma = variable(`${name}/gamma`, [channels], new Float32Array(channels).fill(1));
  const beta = variable(`${name}/beta`, [channels], new Float32Array(channels));
  const apply = (x: Value) => add(mul(x, perChannel(gamma, x)), perChannel(beta, x));
  return { gamma, beta, apply };
}

/** A vector of one number per channel in a shape that broadcasts to `like` `[N, channels, ...]`. */
function perChannel(vector: Variable, like: Value): Value {
  const after = like.shape.slice(2).map((_, axis) => axis + 1);
  return after.length === 0 ? vector : unsqueeze(vector, after);
}
