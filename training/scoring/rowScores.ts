/** The values of the setting `rowScore`: anomaly scores that may replace the reconstruction error. */
import { InputError } from '../../shared/errors.ts';
import type { AnyRows } from '../data/batches.ts';
import type { Weights } from '../graph/types.ts';
import type { Autoencoder, Scoring } from '../models/model.ts';
import { fitEnsemble } from './ensemble.ts';
import { fitJoint } from './joint.ts';
import type { ScoringOptions } from './member.ts';

export interface RowScoreKind {
  /** One line for the documentation. */
  readonly summary: string;
  /** What the score compares rows with, if that is training rows: the graph then holds them. */
  readonly rowsHeld?: string;
  /** Fits the score to the training rows; absent for the reconstruction error itself. */
  readonly fit?: (
    model: Autoencoder,
    train: AnyRows,
    weights: Weights,
    options: ScoringOptions,
  ) => Promise<Scoring>;
}

export const ROW_SCORES = {
  error: { summary: 'its reconstruction error' },
  joint: { summary: 'the joint score of residual and reconstruction', fit: fitJoint },
  ensemble: {
    summary: 'an ensemble of several scores, joined by how far each is above its median',
    rowsHeld: 'up to 2048 of the training rows, to find the nearest to a new one',
    fit: fitEnsemble,
  },
} as const satisfies Record<string, RowScoreKind>;

export type RowScore = keyof typeof ROW_SCORES;

/** @throws {InputError} for a score that the model does not support. */
export function requireScorable({ heads }: Pick<Autoencoder, 'heads'>, rowScore: RowScore): void {
  if (rowScore === 'error' || heads?.recommend === undefined) return;
  throw new InputError(
    `setting 'rowScore': expected 'error' for a recommender, which ranks items instead of reconstructing rows; received '${rowScore}'`,
  );
}
