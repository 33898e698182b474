/** Lowers the learning rate at regular intervals. */
import * as z from 'zod';
import type { ScheduleDefinition } from './schedule.ts';

const Config = z.strictObject({
  stepEpochs: z.number().int().min(1).describe('epochs between two drops').default(10),
  stepFactor: z.number().gt(0).lt(1).describe('factor of the learning rate at a drop').default(0.5),
});

export const step: ScheduleDefinition<typeof Config> = {
  summary: 'drops at regular intervals of epochs',
  config: Config,
  create:
    ({ stepEpochs, stepFactor }) =>
    ({ step, stepsPerEpoch }) =>
      stepFactor ** Math.floor(Math.floor(step / stepsPerEpoch) / stepEpochs),
};
