/** The interface of learning rate schedules. */
import type * as z from 'zod';
import type { Progress } from '../graph/types.ts';

/** Returns the factor, at least 0, by which the optimizer's learning rate is multiplied at a step. */
export type Schedule = (progress: Progress) => number;

/** A schedule's settings, and how to create it from them. One file per schedule exports one of these. */
export interface ScheduleDefinition<Schema extends z.ZodObject = z.ZodObject> {
  /** One line for the documentation. */
  readonly summary: string;
  /** The settings with their defaults and bounds. */
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Schedule;
}
