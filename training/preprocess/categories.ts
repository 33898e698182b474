/** What transforms of categories have in common. */
import * as z from 'zod';
import { relu } from '../graph/ops/activations.ts';
import { add, div } from '../graph/ops/arithmetic.ts';
import { reduceSumOp } from '../graph/ops/broadcast.ts';
import type { Value } from '../graph/types.ts';
import { apply, scalar } from '../graph/value.ts';

/** What there is beside missing values, sorted by code units. */
export function distinctCategories(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '').sort();
}

export const UnknownPolicy = z.strictObject({
  unknown: z
    .enum(['zeros', 'error'])
    .describe('what missing values and categories that no training row has become: zeros, or the run fails')
    .default('zeros'),
});

/** What a policy does is part of what is emitted, and so of what was fitted. */
export type Encoding = Readonly<{ categories: readonly string[]; unknown: 'zeros' | 'error' }>;

/** So little that no probability of a category changes visibly, and rows without any are even. */
const EVEN = 1e-6;

/** Scores `[N, categories]` of any sign as shares that add up to 1: negative ones are none. */
export function shares(scores: Value): Value {
  const positive = add(relu(scores), scalar(EVEN));
  return div(positive, apply(reduceSumOp, [positive], { axes: [1], keepdims: 1 }));
}
