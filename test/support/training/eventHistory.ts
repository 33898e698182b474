/** A history and a clock, whose event files TensorBoard has read: `test/support/exporters/readEvents.py`. */
import type { Epoch } from '../../../training/fitting/fit.ts';

/** Of a run whose epoch numbers take one byte and two, with losses that float32 rounds. */
export const EVENT_HISTORY: readonly Epoch[] = [1, 2, 3, 127, 128, 300].map((epoch) => ({
  epoch,
  train: { loss: 1 / epoch, reconstructionLoss: 0.9 / epoch, regularisationLoss: 0.1 / epoch },
  validation: { loss: -1e-9 * epoch, reconstructionLoss: 1e9 / 3, regularisationLoss: 0 },
}));

/** Milliseconds since 1970; it moves on by a quarter of a second at each call. */
export function eventClock(): () => number {
  let milliseconds = 1_700_000_000_000;
  return () => {
    milliseconds += 250;
    return milliseconds;
  };
}
