/** What the threshold makes of rows that are known to be anomalies or not. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';

type Detection = NonNullable<Evaluation['detection']>;

/** What rows are judged by is distributed so, over the training rows. */
export function judgedBy({ anomalyScore, reconstructionError }: Manifest): Manifest['reconstructionError'] {
  return anomalyScore ?? reconstructionError;
}

/** Anomalies and how many of them are found, other rows and how many of them are called anomalous. */
export function calledAnomalous(manifest: Manifest, { scores, classes }: Detection) {
  const { threshold } = judgedBy(manifest);
  let [found, anomalies, alarms, others] = [0, 0, 0, 0];
  scores.forEach((score, row) => {
    const called = Number(score > threshold);
    if (classes[row] === 1) {
      anomalies++;
      found += called;
    } else {
      others++;
      alarms += called;
    }
  });
  return { found, anomalies, alarms, others };
}

/** The scores of the rows of one class. */
export function scoresOf({ scores, classes }: Detection, own: 0 | 1): number[] {
  return scores.filter((_, row) => classes[row] === own);
}
