/** Half a cosine down from the learning rate, after a linear warm-up (Loshchilov & Hutter, 2017; Goyal et al., 2017). */
import * as z from 'zod';
import type { Schedule } from './schedule.ts';

export const CosineConfig = z.strictObject({
  warmupEpochs: z
    .number()
    .min(0)
    .describe('epochs, or a part of one, in which the learning rate grows from near 0; 0 starts at the whole')
    .default(0),
  finalFactor: z
    .number()
    .min(0)
    .max(1)
    .describe('share of the learning rate that is left at the end')
    .default(0),
});

export function cosine({ warmupEpochs, finalFactor }: z.output<typeof CosineConfig>): Schedule {
  return ({ step, stepsPerEpoch, epochs }) => {
    const warmup = Math.round(warmupEpochs * stepsPerEpoch);
    if (step < warmup) return (step + 1) / warmup;
    const total = epochs * stepsPerEpoch;
    const done = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
    return finalFactor + ((1 - finalFactor) * (1 + Math.cos(Math.PI * done))) / 2;
  };
}
