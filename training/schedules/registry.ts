/** All learning rate schedules, by the names that recipes use. */
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { plateau } from './plateau.ts';
import type { ScheduleDefinition } from './schedule.ts';
import { step } from './step.ts';

export const SCHEDULES = {
  constant,
  cosine,
  plateau,
  step,
} as const satisfies Record<string, ScheduleDefinition>;

export type ScheduleName = keyof typeof SCHEDULES;
