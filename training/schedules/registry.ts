/** Every learning rate schedule, by the name that recipes use. */
import type * as z from 'zod';
import { ConstantConfig, constant } from './constant.ts';
import { CosineConfig, cosine } from './cosine.ts';
import { PlateauConfig, plateau } from './plateau.ts';
import type { Schedule } from './schedule.ts';
import { StepConfig, step } from './step.ts';

/** A schedule's settings with defaults and bounds, and how to make it from them. */
interface ScheduleEntry<Schema extends z.ZodType> {
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Schedule;
}

function entry<Schema extends z.ZodType>(value: ScheduleEntry<Schema>): ScheduleEntry<Schema> {
  return value;
}

export const SCHEDULES = {
  constant: entry({ config: ConstantConfig, create: constant }),
  cosine: entry({ config: CosineConfig, create: cosine }),
  plateau: entry({ config: PlateauConfig, create: plateau }),
  step: entry({ config: StepConfig, create: step }),
} as const;

export type ScheduleName = keyof typeof SCHEDULES;
