/** The error for a loss that is NaN or infinite. */
import { DivergedError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { TrainingSession } from '../engines/engine.ts';
import type { Progress } from '../graph/types.ts';

export interface Divergence {
  /** Name of the loss in the message: `the loss` or `the validation loss`. */
  readonly what: string;
  readonly loss: number;
  /** Epoch and step count from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly batch: Matrix;
  readonly progress: Progress;
}

/** Creates the error, naming the step's largest gradient, which takes another step to compute. */
export async function divergedError(
  session: TrainingSession,
  { what, loss, epoch, step, batch, progress }: Divergence,
): Promise<DivergedError> {
  const magnitudes = [...(await session.gradients(batch, progress))].map(
    ([name, values]) => [name, largestMagnitude(values)] as const,
  );
  const [name, magnitude] = magnitudes.reduce((a, b) => (isLarger(b[1], a[1]) ? b : a));
  return new DivergedError(
    `${what} became ${loss} in epoch ${epoch}, step ${step}: expected a finite number; the largest gradient there is ${magnitude.toPrecision(3)}, of '${name}'; lower learningRate, set clipNorm, or look for extreme values in the data`,
  );
}

function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) if (isLarger(Math.abs(value), largest)) largest = Math.abs(value);
  return largest;
}

/** NaN counts as the largest value, since it is the one to report. */
function isLarger(a: number, b: number): boolean {
  return a > b || (Number.isNaN(a) && !Number.isNaN(b));
}
