/** The learning rate as it is. */
import * as z from 'zod';
import type { Schedule } from './schedule.ts';

export const ConstantConfig = z.strictObject({});

export function constant(): Schedule {
  return () => 1;
}
