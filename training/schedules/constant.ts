/** A constant learning rate. */
import * as z from 'zod';
import type { ScheduleDefinition } from './schedule.ts';

const Config = z.strictObject({});

export const constant: ScheduleDefinition<typeof Config> = {
  summary: 'a constant learning rate',
  config: Config,
  create: () => () => 1,
};
