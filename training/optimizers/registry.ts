/** Every optimizer, by the name that recipes use. */
import type * as z from 'zod';
import { AdamConfig, adam } from './adam.ts';
import { AdamWConfig, adamw } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { RmspropConfig, rmsprop } from './rmsprop.ts';
import { SgdConfig, sgd } from './sgd.ts';

/** An optimizer's hyperparameters with defaults and bounds, and how to make it from them. */
interface OptimizerEntry<Schema extends z.ZodType> {
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Optimizer;
}

function entry<Schema extends z.ZodType>(value: OptimizerEntry<Schema>): OptimizerEntry<Schema> {
  return value;
}

export const OPTIMIZERS = {
  adam: entry({
    summary: 'gradients over their running magnitude, with momentum (Kingma & Ba, 2015)',
    config: AdamConfig,
    create: adam,
  }),
  adamw: entry({
    summary: 'Adam with weight decay that the moments do not see (Loshchilov & Hutter, 2019)',
    config: AdamWConfig,
    create: adamw,
  }),
  rmsprop: entry({
    summary: 'gradients over their running magnitude (Tieleman & Hinton, 2012)',
    config: RmspropConfig,
    create: rmsprop,
  }),
  sgd: entry({
    summary: "gradient descent with momentum or Nesterov's look-ahead (Sutskever et al., 2013)",
    config: SgdConfig,
    create: sgd,
  }),
} as const;

export type OptimizerName = keyof typeof OPTIMIZERS;
