/** Detection of anomalies by scores, compared by labels. */
import { labelledScores } from '../../../training/evaluate/metrics/labelledScores.ts';
import { rowScores } from '../../../training/evaluate/metrics/reconstruction.ts';
import { type ComparedVersion, type HeldOut, rowsFor } from './heldOut.ts';

/** Scores of the held-out rows; undefined unless labels mark anomalies and both kinds are among the rows. */
export async function anomalyScores(
  { manifest, graphs }: ComparedVersion,
  heldOut: HeldOut,
): Promise<ArrayLike<number> | undefined> {
  if (graphs.recommend !== undefined || heldOut.labels?.anomalous === undefined) return undefined;
  const scores = await rowScores(graphs.autoencoder, rowsFor(heldOut, manifest));
  return labelledScores(scores, heldOut.labels) && scores;
}
