/** Every learning rate schedule, by the name that recipes use. */
import type * as z from 'zod';
import { ConstantConfig, constant } from './constant.ts';
import { CosineConfig, cosine } from './cosine.ts';
import { PlateauConfig, plateau } from './plateau.ts';
import type { Schedule } from './schedule.ts';
import { StepConfig, step } from './step.ts';

/** A schedule's settings with defaults and bounds, and how to make it from them. */
interface ScheduleEntry<Schema extends z.ZodType> {
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Schedule;
}

function entry<Schema extends z.ZodType>(value: ScheduleEntry<Schema>): ScheduleEntry<Schema> {
  return value;
}

export const SCHEDULES = {
  constant: entry({ summary: 'the learning rate as it is', config: ConstantConfig, create: constant }),
  cosine: entry({
    summary: 'half a cosine down, after a linear warm-up (Loshchilov & Hutter, 2017)',
    config: CosineConfig,
    create: cosine,
  }),
  plateau: entry({
    summary: 'lower whenever the validation loss has stopped falling',
    config: PlateauConfig,
    create: plateau,
  }),
  step: entry({ summary: 'lower after every so many epochs', config: StepConfig, create: step }),
} as const;

export type ScheduleName = keyof typeof SCHEDULES;
