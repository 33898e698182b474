/** An optimizer from its settings: the update rule, its learning rate schedule, and what happens to gradients before. */
import * as z from 'zod';
import { keysOf } from '../registry.ts';
import { SCHEDULES, type ScheduleName } from '../schedules/registry.ts';
import type { Schedule } from '../schedules/schedule.ts';
import type { Optimizer } from './optimizer.ts';
import { PreparationConfig, withPreparation } from './preparation.ts';
import { OPTIMIZERS, type OptimizerName } from './registry.ts';

/** Which rule and which schedule; both have settings of their own. */
export const ChoiceConfig = z.strictObject({
  optimizer: z.enum(keysOf(OPTIMIZERS)).describe('what a step does with the gradients').default('adam'),
  schedule: z.enum(keysOf(SCHEDULES)).describe('of the learning rate').default('constant'),
});

type Entries = (typeof OPTIMIZERS)[OptimizerName] | (typeof SCHEDULES)[Exclude<ScheduleName, 'constant'>];
type All<T> = (T extends unknown ? (each: T) => void : never) extends (each: infer Both) => void
  ? Both
  : never;

/** What may be set. That a name goes with the chosen rule and schedule is checked when the settings are resolved. */
export type OptimizerSettings = z.input<typeof ChoiceConfig> &
  z.input<typeof PreparationConfig> &
  All<z.input<Entries['config']>>;

/** With all defaults filled in: the values of `optimizerSchemas` side by side. */
export type ResolvedOptimizer = z.output<typeof ChoiceConfig> &
  z.output<typeof PreparationConfig> &
  Readonly<Record<string, unknown>>;

/** The schemas that hold the settings of a choice. */
export function optimizerSchemas({ optimizer, schedule }: z.output<typeof ChoiceConfig>): z.ZodObject[] {
  return [ChoiceConfig, OPTIMIZERS[optimizer].config, SCHEDULES[schedule].config, PreparationConfig];
}

export function createOptimizer(settings: ResolvedOptimizer): Optimizer {
  const rule = create<Optimizer>(OPTIMIZERS[settings.optimizer], settings);
  const factor = create<Schedule>(SCHEDULES[settings.schedule], settings);
  const scheduled: Optimizer = {
    ...rule,
    learningRate: (progress) => rule.learningRate(progress) * factor(progress),
  };
  return withPreparation(scheduled, settings);
}

interface Entry<Made> {
  readonly config: z.ZodObject;
  readonly create: (config: never) => Made;
}

/** Makes a registry's entry from those of the settings that are its own. */
function create<Made>(entry: Entry<Made>, settings: ResolvedOptimizer): Made {
  const own = Object.keys(entry.config.shape).map((key) => [key, settings[key]] as const);
  return entry.create(entry.config.parse(Object.fromEntries(own)) as never);
}
