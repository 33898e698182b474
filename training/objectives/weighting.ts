/** Which values of a row count in its losses and errors, and for how much. */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { div, mul } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value } from '../graph/types.ts';
import { constant, scalar } from '../graph/value.ts';

/** Settings that every variant has. */
export const weightingSettings = {
  featureWeights: z
    .array(z.number().min(0))
    .refine((weights) => weights.some((weight) => weight > 0), 'expected at least one weight above 0')
    .nullable()
    .describe('what each reconstructed column counts for in the loss, one number per column; null: all alike')
    .default(null),
  missing: z
    .enum(['error', 'mask'])
    .describe('what NaN in a row is: a mistake, or a value that is missing; below')
    .default('error'),
};

/** The settings above, as parsed. */
export interface Weighting {
  readonly featureWeights: readonly number[] | null;
  readonly missing: 'error' | 'mask';
}

/** The rows with 0 for what is missing, as encoders see them and losses compare with (Mattei & Frellsen, 2019). */
export function filled(rows: Value, { missing }: Pick<Weighting, 'missing'>): Value {
  return missing === 'mask' ? where(isNan(rows), scalar(0), rows) : rows;
}

/**
 * What every value of a target `[N, features]` counts for, as `[N, features]` or `[features]`: its feature's weight, 0 where it
 * is missing; undefined where all count alike.
 * @throws {InputError} when there are not as many weights as features.
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
      : constant({ dtype: 'float32', shape: [features], data: Float32Array.from(featureWeights) });
  return missing === 'mask' ? where(isNan(target), scalar(0), weights ?? scalar(1)) : weights;
}

/** Keeps the mean of a row of which nothing counts at 0. */
const NOTHING = 1e-30;

/** The weighted mean of each row: `[N]`, 0 where nothing counts. Weights are `[N, features]` or `[features]`. */
export function weightedMean(values: Value, weights: Value): Value {
  return div(reduceSum(mul(values, weights), [1]), clip(reduceSum(weights, [-1]), { min: NOTHING }));
}
