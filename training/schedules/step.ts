/** A lower learning rate after every so many epochs. */
import * as z from 'zod';
import { epochsDone, type Schedule } from './schedule.ts';

export const StepConfig = z.strictObject({
  stepEpochs: z.number().int().min(1).describe('epochs between two drops').default(10),
  stepFactor: z.number().gt(0).lt(1).describe('what a drop multiplies the learning rate by').default(0.5),
});

export function step({ stepEpochs, stepFactor }: z.output<typeof StepConfig>): Schedule {
  return (progress) => stepFactor ** Math.floor(epochsDone(progress) / stepEpochs);
}
