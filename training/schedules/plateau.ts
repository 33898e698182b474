/** Lowers the learning rate whenever the validation loss stops falling, like Keras's ReduceLROnPlateau. */
import * as z from 'zod';
import type { ScheduleDefinition } from './schedule.ts';

const Config = z.strictObject({
  plateauPatience: z
    .number()
    .int()
    .min(1)
    .describe('consecutive epochs without a new lowest validation loss before a drop')
    .default(5),
  plateauFactor: z.number().gt(0).lt(1).describe('factor of the learning rate at a drop').default(0.5),
  plateauMinDelta: z
    .number()
    .min(0)
    .describe('smallest improvement that counts as a new lowest validation loss')
    .default(0),
});

/**
 * Computes the factor from the whole history of losses at every step, so that a resumed run needs no other
 * state.
 */
export const plateau: ScheduleDefinition<typeof Config> = {
  summary: 'drops whenever the validation loss stops falling',
  config: Config,
  create:
    ({ plateauPatience, plateauFactor, plateauMinDelta }) =>
    ({ validationLosses = [] }) => {
      let factor = 1;
      let lowest = Number.POSITIVE_INFINITY;
      let waited = 0;
      for (const loss of validationLosses) {
        if (loss < lowest - plateauMinDelta) {
          lowest = loss;
          waited = 0;
        } else if (++waited === plateauPatience) {
          factor *= plateauFactor;
          waited = 0;
        }
      }
      return factor;
    },
};
