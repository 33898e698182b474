/** Distributions of errors and scores, and the threshold above which rows are called anomalous. */
import type { ManifestContent } from '../../../shared/artifactVersion.ts';
import type { ReconstructionError } from '../../../shared/measured.ts';
import type { GraphRows } from '../outputs.ts';
import { calibrationOf, thresholdAt } from './calibration.ts';
import { calibrate, rowMeasures, rowScores } from './reconstruction.ts';

export type Judging = Pick<ManifestContent, 'anomalyScore' | 'calibration'> & {
  readonly reconstructionError: ReconstructionError;
};

export interface JudgedParts {
  readonly train: GraphRows;
  readonly validation: GraphRows;
}

export interface JudgingOptions {
  /** Assumed share of anomalies among the training rows, in (0, 0.5]. */
  readonly contamination: number;
  /**
   * False positive rate that sets the threshold instead: share of rows like the validation rows that may be
   * alarms.
   */
  readonly targetFpr: number | null;
  /** True if the graph has anomaly scores in addition to errors; false by default. */
  readonly hasScores?: boolean;
}

/** Measures errors and scores of an autoencoder graph, and sets the threshold. */
export async function judgingOf(
  autoencoder: Uint8Array,
  { train, validation }: JudgedParts,
  { contamination, targetFpr, hasScores = false }: JudgingOptions,
): Promise<Judging> {
  const measured = await rowMeasures(autoencoder, train);
  const errors = calibrate(measured.errors, contamination);
  const calibration = calibrationOf(await rowScores(autoencoder, validation));
  const judged = hasScores ? calibrate(measured.scores, contamination) : errors;
  const threshold = targetFpr === null ? judged.threshold : thresholdAt(targetFpr, calibration);
  const own = { ...judged, threshold, ...(targetFpr !== null && { targetFpr }) };
  return {
    reconstructionError: hasScores ? errors : own,
    ...(hasScores && { anomalyScore: own }),
    calibration,
  };
}

/**
 * Distribution over the training rows of the measure that rows are judged by: the score if there is one, else
 * the error.
 */
export function judgedBy({ anomalyScore, reconstructionError }: Judging): ReconstructionError {
  return anomalyScore ?? reconstructionError;
}
