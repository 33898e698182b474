/** Quality of each row's prediction, for rows with a known target. */

import { truthOf } from '../../../training/estimators/truth.ts';
import { guesses, type Predicted, predictedOf } from '../../../training/evaluate/metrics/predicted.ts';
import { type ComparedVersion, type HeldOut, rowsFor } from './heldOut.ts';

/**
 * Returns 1 for each row whose most probable class is its own, otherwise 0; undefined if no classes are
 * predicted.
 */
export async function hits(
  version: ComparedVersion,
  heldOut: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  const predicted = await predictions(version, heldOut);
  if (predicted?.classes === undefined) return undefined;
  return guesses(predicted).map((guess, row) => Number(guess === predicted.actual[row]));
}

/** Returns the absolute error of each row's predicted number; undefined if no number is predicted. */
export async function misses(
  version: ComparedVersion,
  heldOut: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  const predicted = await predictions(version, heldOut);
  if (predicted === undefined || predicted.classes !== undefined) return undefined;
  return guesses(predicted).map((guess, row) => Math.abs(guess - predicted.actual[row]!));
}

async function predictions(
  { manifest, graphs }: ComparedVersion,
  heldOut: HeldOut,
): Promise<Predicted | undefined> {
  const truth = truthOf({ labels: heldOut.labels, target: heldOut.target }, manifest.prediction?.classes);
  return predictedOf(graphs.predict, rowsFor(heldOut, manifest), truth);
}
