/**
 * Creates an optimizer from settings: the update rule, the learning rate schedule, and the preparation of
 * gradients.
 */
import * as z from 'zod';
import { keysOf } from '../registry.ts';
import { SCHEDULES, type ScheduleName } from '../schedules/registry.ts';
import type { Schedule } from '../schedules/schedule.ts';
import type { Optimizer } from './optimizer.ts';
import { PreparationConfig, withPreparation } from './preparation.ts';
import { OPTIMIZERS, type OptimizerName } from './registry.ts';

/** The choice of a rule and a schedule, each with settings of its own. */
export const ChoiceConfig = z.strictObject({
  optimizer: z.enum(keysOf(OPTIMIZERS)).describe('update rule').default('adam'),
  schedule: z.enum(keysOf(SCHEDULES)).describe('schedule of the learning rate').default('constant'),
});

type Configured = (typeof OPTIMIZERS)[OptimizerName] | (typeof SCHEDULES)[Exclude<ScheduleName, 'constant'>];
type UnionToIntersection<T> = (T extends unknown ? (each: T) => void : never) extends (
  each: infer Intersection,
) => void
  ? Intersection
  : never;

/** All settings. Resolving them checks that each belongs to the chosen rule or schedule. */
export type OptimizerSettings = z.input<typeof ChoiceConfig> &
  z.input<typeof PreparationConfig> &
  UnionToIntersection<z.input<Configured['config']>>;

/** Settings with all defaults filled in: the combined output of `optimizerSchemas`. */
export type ResolvedOptimizer = z.output<typeof ChoiceConfig> &
  z.output<typeof PreparationConfig> &
  Readonly<Record<string, unknown>>;

/** Returns the schemas that make up the settings of a chosen rule and schedule. */
export function optimizerSchemas({ optimizer, schedule }: z.output<typeof ChoiceConfig>): z.ZodObject[] {
  return [ChoiceConfig, OPTIMIZERS[optimizer].config, SCHEDULES[schedule].config, PreparationConfig];
}

export function createOptimizer(settings: ResolvedOptimizer): Optimizer {
  const rule = createFrom<Optimizer>(OPTIMIZERS[settings.optimizer], settings);
  const factor = createFrom<Schedule>(SCHEDULES[settings.schedule], settings);
  const scheduled: Optimizer = {
    ...rule,
    learningRate: (progress) => rule.learningRate(progress) * factor(progress),
  };
  return withPreparation(scheduled, settings);
}

interface Definition<Created> {
  readonly config: z.ZodObject;
  readonly create: (config: never) => Created;
}

/** Creates an optimizer or a schedule from the settings that its schema names. */
function createFrom<Created>({ config, create }: Definition<Created>, settings: ResolvedOptimizer): Created {
  const own = Object.keys(config.shape).map((key) => [key, settings[key]] as const);
  return create(config.parse(Object.fromEntries(own)) as never);
}
