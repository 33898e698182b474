/** Weights of the values of a row in its losses and errors. */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { div, mul } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value } from '../graph/types.ts';
import { constant, scalar } from '../graph/value.ts';

/** Settings for weighting that variants share. */
export const weightingSettings = {
  featureWeights: z
    .array(z.number().min(0))
    .refine((weights) => weights.some((weight) => weight > 0), 'expected at least one weight above 0')
    .nullable()
    .describe(
      'weight of each reconstructed column in the loss, one number per column; null weights all equally',
    )
    .default(null),
  missing: z
    .enum(['error', 'mask'])
    .describe('NaN in rows: `error` rejects it, `mask` treats it as a missing value')
    .default('error'),
};

/** Parsed `weightingSettings`. */
export interface Weighting {
  readonly featureWeights: readonly number[] | null;
  readonly missing: 'error' | 'mask';
}

/** All values count equally, and none may be missing. */
export const UNWEIGHTED: Weighting = { featureWeights: null, missing: 'error' };

/**
 * Returns the rows with missing values set to 0, as input of encoders and target of losses (Mattei &
 * Frellsen, 2019).
 */
export function filled(rows: Value, { missing }: Pick<Weighting, 'missing'>): Value {
  return missing === 'mask' ? where(isNan(rows), scalar(0), rows) : rows;
}

/**
 * Returns the weights of the values of a target `[N, features]`, as `[N, features]` or `[features]`: the
 * weight of the feature relative to the mean weight, or 0 for a missing value. Undefined if all values count
 * equally.
 * @throws {InputError} if the number of weights is not the number of features.
 */
export function valueWeights(target: Value, { featureWeights, missing }: Weighting): Value | undefined {
  const features = target.shape[1] as number;
  if (featureWeights !== null && featureWeights.length !== features) {
    throw new InputError(
      `setting 'featureWeights': expected ${features} weights, one per reconstructed column, received ${featureWeights.length}`,
    );
  }
  const weights =
    featureWeights === null
      ? undefined
      : constant({ dtype: 'float32', shape: [features], data: relative(featureWeights) });
  return missing === 'mask' ? where(isNan(target), scalar(0), weights ?? scalar(1)) : weights;
}

/** Divides weights by their mean, so that a sum over a row is as large as without weights. */
function relative(weights: readonly number[]): Float32Array<ArrayBuffer> {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return Float32Array.from(weights, (weight) => weight / mean);
}

/** Smallest divisor, which makes the mean of a row without any weight 0. */
const SMALLEST_TOTAL = 1e-30;

/**
 * Returns the weighted mean of each row, `[N]`, or 0 if its weights are all 0. Weights are `[N, features]` or
 * `[features]`.
 */
export function weightedMean(values: Value, weights: Value): Value {
  return div(reduceSum(mul(values, weights), [1]), clip(reduceSum(weights, [-1]), { min: SMALLEST_TOTAL }));
}
