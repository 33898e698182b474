import type { Manifest } from '../../shared/manifest.ts';
import { ROW_SCORES, type RowScore } from '../scoring/rowScores.ts';

/** The score that a model judges rows by, to continue "the score of a row is". */
export function scoreText({ anomalyScore, recipe: { config } }: Manifest): string {
  // Before there was a setting for it, every score was the joint one.
  const rowScore = anomalyScore === undefined ? 'error' : ((config.rowScore ?? 'joint') as RowScore);
  return ROW_SCORES[rowScore].summary;
}
