/** What every schedule is: a plain function of how far training is. */
import type { Progress } from '../graph/types.ts';

/** The factor by which the optimizer's learning rate is multiplied at a step, at least 0. */
export type Schedule = (progress: Progress) => number;

/** Epochs that are done, as a whole number. */
export function epochsDone({ step, stepsPerEpoch }: Progress): number {
  return Math.floor(step / stepsPerEpoch);
}
