/** How good each row's prediction is, where its target is known. */

import { groundTruthOf } from '../../../training/estimators/groundTruth.ts';
import {
  type KnownPredictions,
  knownPredictions,
  pointPredictions,
} from '../../../training/evaluate/metrics/predictions.ts';
import type { StoredArtifact } from '../stored.ts';
import { type HeldOut, rowsFor } from './heldOut.ts';

type Version = Pick<StoredArtifact, 'manifest' | 'graphs'>;

/** 1 for each row whose most probable class is its own, otherwise 0; undefined where no classes are predicted. */
export async function hits(version: Version, heldOut: HeldOut): Promise<ArrayLike<number> | undefined> {
  const predicted = await predictions(version, heldOut);
  if (predicted?.classes === undefined) return undefined;
  return pointPredictions(predicted).map((guess, row) => Number(guess === predicted.actual[row]));
}

/** How far off each row's number is; undefined where no number is predicted. */
export async function misses(version: Version, heldOut: HeldOut): Promise<ArrayLike<number> | undefined> {
  const predicted = await predictions(version, heldOut);
  if (predicted === undefined || predicted.classes !== undefined) return undefined;
  return pointPredictions(predicted).map((guess, row) => Math.abs(guess - predicted.actual[row]!));
}

async function predictions(
  { manifest, graphs }: Version,
  heldOut: HeldOut,
): Promise<KnownPredictions | undefined> {
  const truth = groundTruthOf({ labels: heldOut.labels, target: heldOut.target }, manifest.prediction?.classes);
  return knownPredictions(graphs.predict, rowsFor(heldOut, manifest), truth);
}
