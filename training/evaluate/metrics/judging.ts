/** What rows are judged by, and from where on they are called anomalous. */
import type { ManifestContent } from '../../../shared/artifactVersion.ts';
import type { ReconstructionError } from '../../../shared/measured.ts';
import type { GraphRows } from '../outputs.ts';
import { calibrationOf, thresholdAt } from './calibration.ts';
import { calibrate, rowErrors, rowScores } from './reconstruction.ts';

export type Judging = Pick<ManifestContent, 'reconstructionError' | 'anomalyScore' | 'calibration'>;

export interface JudgedParts {
  readonly train: GraphRows;
  readonly validation: GraphRows;
}

export interface JudgingOptions {
  /** Share of the training rows taken to be anomalous. */
  readonly contamination: number;
  /** In place of that, the share of rows like the validation rows that may be called anomalous. */
  readonly targetFpr: number | null;
  /** Whether the graph has scores beside the errors. */
  readonly hasScores?: boolean;
}

/** How errors and scores of an autoencoder graph are distributed, and where the threshold lies. */
export async function judgingOf(
  autoencoder: Uint8Array,
  { train, validation }: JudgedParts,
  { contamination, targetFpr, hasScores = false }: JudgingOptions,
): Promise<Judging> {
  const errors = calibrate(await rowErrors(autoencoder, train), contamination);
  const calibration = calibrationOf(await rowScores(autoencoder, validation));
  const judged = hasScores ? calibrate(await rowScores(autoencoder, train), contamination) : errors;
  const threshold = targetFpr === null ? judged.threshold : thresholdAt(targetFpr, calibration);
  const own = { ...judged, threshold, ...(targetFpr !== null && { targetFpr }) };
  return {
    reconstructionError: hasScores ? errors : own,
    ...(hasScores && { anomalyScore: own }),
    calibration,
  };
}

/** What rows are judged by is distributed so, over the training rows. */
export function judgedBy({ anomalyScore, reconstructionError }: Judging): ReconstructionError {
  return anomalyScore ?? reconstructionError;
}
