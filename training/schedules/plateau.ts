/** A lower learning rate whenever the validation loss has stopped falling, as Keras's ReduceLROnPlateau. */
import * as z from 'zod';
import type { Schedule } from './schedule.ts';

export const PlateauConfig = z.strictObject({
  plateauPatience: z
    .number()
    .int()
    .min(1)
    .describe('epochs in a row without a new lowest validation loss before a drop')
    .default(5),
  plateauFactor: z.number().gt(0).lt(1).describe('what a drop multiplies the learning rate by').default(0.5),
  plateauMinDelta: z
    .number()
    .min(0)
    .describe('by how much a validation loss must be lower to count as new')
    .default(0),
});

/** Goes through the losses from the start each time, so that a resumed run needs nothing but them. */
export function plateau(config: z.output<typeof PlateauConfig>): Schedule {
  const { plateauPatience, plateauFactor, plateauMinDelta } = config;
  return ({ validationLosses = [] }) => {
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
  };
}
