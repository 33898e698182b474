/** Cosine decay after a linear warm-up (Loshchilov & Hutter, 2017; Goyal et al., 2017). */
import * as z from 'zod';
import type { ScheduleDefinition } from './schedule.ts';

const Config = z.strictObject({
  warmupEpochs: z
    .number()
    .min(0)
    .describe(
      'epochs, possibly fractional, in which the learning rate rises linearly; 0 starts at the full learning rate',
    )
    .default(0),
  finalFactor: z.number().min(0).max(1).describe('share of the learning rate at the end').default(0),
});

export const cosine: ScheduleDefinition<typeof Config> = {
  summary: 'cosine decay after a linear warm-up (Loshchilov & Hutter, 2017)',
  config: Config,
  create:
    ({ warmupEpochs, finalFactor }) =>
    ({ step, stepsPerEpoch, epochs }) => {
      const warmup = Math.round(warmupEpochs * stepsPerEpoch);
      if (step < warmup) return (step + 1) / warmup;
      const total = epochs * stepsPerEpoch;
      const done = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
      return finalFactor + ((1 - finalFactor) * (1 + Math.cos(Math.PI * done))) / 2;
    },
};
