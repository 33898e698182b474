/** The interface of normalisations: layers that apply a linear map and normalise its outputs. */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import type { Layer } from './layer.ts';

/** Scale and bias `[channels]` for the outputs `[N, channels, ...]` of a linear map. */
export interface Affine {
  /** Multiplied into the weights, which export folds into constants. */
  readonly scale?: Value;
  /** Added to the outputs. */
  readonly bias?: Value;
}

/** Applies weights to `x`; returns float32 `[N, channels, ...]`. */
export type LinearMap = (x: Value, affine: Affine) => Value;

/** Creates a layer that normalises the outputs of `map`. `name` is the prefix of its variables' names. */
export type Normalization = (map: LinearMap, name: string, channels: number) => Layer;

/** Added to variances before their roots are divisors: the default of PyTorch and ONNX (1e-3 in Keras). */
export const EPSILON = 1e-5;

/**
 * Scales `x` to mean 0 and variance 1 over `axes`. Also returns the original mean and population variance
 * (over n).
 */
export function standardize(x: Value, axes: readonly number[]) {
  const mean = reduceMean(x, axes);
  const centered = sub(x, unsqueeze(mean, axes));
  const variance = reduceMean(square(centered), axes);
  const deviation = unsqueeze(sqrt(add(variance, scalar(EPSILON))), axes);
  return { mean, variance, standardized: div(centered, deviation) };
}

/** Creates the learned scale and shift of normalised outputs, initially 1 and 0. */
export function learnedAffine(name: string, channels: number) {
  const gamma = variable(`${name}/gamma`, [channels], new Float32Array(channels).fill(1));
  const beta = variable(`${name}/beta`, [channels], new Float32Array(channels));
  const apply = (x: Value) => add(mul(x, perChannel(gamma, x)), perChannel(beta, x));
  return { gamma, beta, apply };
}

/** Reshapes a vector `[channels]` to broadcast to `like [N, channels, ...]`. */
function perChannel(vector: Variable, like: Value): Value {
  const after = like.shape.slice(2).map((_, axis) => axis + 1);
  return after.length === 0 ? vector : unsqueeze(vector, after);
}
