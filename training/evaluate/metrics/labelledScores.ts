/** Scores of rows that are known to be anomalies or not. */
import type { Labels } from '../../data/dataset.ts';

export interface LabelledScores {
  readonly scores: readonly number[];
  /** 1 for anomalies, 0 for normal rows. */
  readonly classes: readonly number[];
}

/**
 * Selects the rows with a known label. Undefined unless both anomalies and normal rows are among them.
 * `labels` are those of the rows that `scores` are for.
 */
export function labelledScores(
  scores: ArrayLike<number>,
  labels: Omit<Labels, 'test'> | undefined,
): LabelledScores | undefined {
  if (labels?.anomalous === undefined) return undefined;
  const { anomalous, classes } = labels;
  const known = Array.from(scores, (score, row) => ({ score, label: classes[labels.rows[row]!] }))
    .filter(({ label }) => label !== undefined)
    .map(({ score, label }) => ({ score, own: Number(anomalous.includes(label!)) }));
  if (![0, 1].every((own) => known.some((each) => each.own === own))) return undefined;
  return { scores: known.map(({ score }) => score), classes: known.map(({ own }) => own) };
}
