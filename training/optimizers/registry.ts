/** Every optimizer, by the name that recipes use. */
import type * as z from 'zod';
import { AdamConfig, adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

/** An optimizer's hyperparameters with defaults and bounds, and how to make it from them. */
interface OptimizerEntry<Schema extends z.ZodType> {
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Optimizer;
}

function entry<Schema extends z.ZodType>(value: OptimizerEntry<Schema>): OptimizerEntry<Schema> {
  return value;
}

export const OPTIMIZERS = {
  adam: entry({ config: AdamConfig, create: adam }),
} as const;
