/** Functions that the transforms of categories share. */
import * as z from 'zod';
import { relu } from '../graph/ops/activations.ts';
import { add, div } from '../graph/ops/arithmetic.ts';
import { reduceSumOp } from '../graph/ops/broadcast.ts';
import type { Value } from '../graph/types.ts';
import { apply, scalar } from '../graph/value.ts';

/** Returns the distinct values that are not missing, sorted by code units. */
export function distinctCategories(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '').sort();
}

export const UnknownPolicy = z.strictObject({
  unknown: z
    .enum(['zeros', 'error'])
    .describe(
      'handling of missing values and of categories that no training row has: encode them as zeros, or fail',
    )
    .default('zeros'),
});

/** Includes the policy, since the emitted nodes depend on it. */
export type Encoding = Readonly<{ categories: readonly string[]; unknown: 'zeros' | 'error' }>;

/** Too small to change a probability visibly; gives rows without a positive score equal probabilities. */
const SMOOTHING = 1e-6;

/** Turns scores `[N, categories]` into probabilities that add up to 1; negative scores count as 0. */
export function shares(scores: Value): Value {
  const positive = add(relu(scores), scalar(SMOOTHING));
  return div(positive, apply(reduceSumOp, [positive], { axes: [1], keepdims: 1 }));
}
