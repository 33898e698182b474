/** What a model is judged by on rows that are known to be anomalies or not. */
import type { Labels } from '../../data/dataset.ts';

export interface Detected {
  readonly scores: readonly number[];
  /** 1 of anomalies, 0 of other rows. */
  readonly classes: readonly number[];
}

/** The rows of which it is known; none unless there are anomalies and others. `labels` are of the rows of `scores`. */
export function detectedOf(
  scores: ArrayLike<number>,
  labels: Omit<Labels, 'test'> | undefined,
): Detected | undefined {
  if (labels?.anomalous === undefined) return undefined;
  const { anomalous, classes } = labels;
  const known = Array.from(scores, (score, row) => ({ score, label: classes[labels.rows[row]!] }))
    .filter(({ label }) => label !== undefined)
    .map(({ score, label }) => ({ score, own: Number(anomalous.includes(label!)) }));
  if (![0, 1].every((own) => known.some((each) => each.own === own))) return undefined;
  return { scores: known.map(({ score }) => score), classes: known.map(({ own }) => own) };
}
