/** A lower learning rate whenever the validation loss has stopped falling, as Keras's ReduceLROnPlateau. */
import * as z from 'zod';
import type { Schedule } from './schedule.ts';

export const PlateauConfig = z.strictObject({
  /** Epochs in a row without a new lowest validation loss before a drop. */
  plateauPatience: z.number().int().min(1).default(5),
  /** What a drop multiplies the learning rate by. */
  plateauFactor: z.number().gt(0).lt(1).default(0.5),
  /** By how much a validation loss must be lower to count as new. */
  plateauMinDelta: z.number().min(0).default(0),
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
