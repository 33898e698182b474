/** Quality of each row's prediction, for rows with a known target. */

import { groundTruthOf } from '../../../training/estimators/groundTruth.ts';
import {
  type KnownPredictions,
  knownPredictions,
  pointPredictions,
} from '../../../training/evaluate/metrics/predictions.ts';
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
  return pointPredictions(predicted).map((guess, row) => Number(guess === predicted.actual[row]));
}

/** Returns the absolute error of each row's predicted number; undefined if no number is predicted. */
export async function misses(
  version: ComparedVersion,
  heldOut: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  const predicted = await predictions(version, heldOut);
  if (predicted === undefined || predicted.classes !== undefined) return undefined;
  return pointPredictions(predicted).map((guess, row) => Math.abs(guess - predicted.actual[row]!));
}

async function predictions(
  { manifest, graphs }: ComparedVersion,
  heldOut: HeldOut,
): Promise<KnownPredictions | undefined> {
  const truth = groundTruthOf(
    { labels: heldOut.labels, target: heldOut.target },
    manifest.prediction?.classes,
  );
  return knownPredictions(graphs.predict, rowsFor(heldOut, manifest), truth);
}
