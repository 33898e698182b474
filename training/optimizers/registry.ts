/** All optimizers, by the names that recipes use. */
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import type { OptimizerDefinition } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export const OPTIMIZERS = {
  adam,
  adamw,
  rmsprop,
  sgd,
} as const satisfies Record<string, OptimizerDefinition>;

export type OptimizerName = keyof typeof OPTIMIZERS;
