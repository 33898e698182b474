/** Every optimizer, by the name that recipes use. */
import type * as z from 'zod';
import { AdamConfig, adam } from './adam.ts';
import { AdamWConfig, adamw } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { RmspropConfig, rmsprop } from './rmsprop.ts';
import { SgdConfig, sgd } from './sgd.ts';

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
  adamw: entry({ config: AdamWConfig, create: adamw }),
  rmsprop: entry({ config: RmspropConfig, create: rmsprop }),
  sgd: entry({ config: SgdConfig, create: sgd }),
} as const;

export type OptimizerName = keyof typeof OPTIMIZERS;
