/** What the threshold makes of rows that are known to be anomalies or not. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import { type Alarms, alarmsAt } from '../evaluate/metrics/alarms.ts';
import { judgedBy } from '../evaluate/metrics/judging.ts';

type Detection = NonNullable<Evaluation['detection']>;

export function calledAnomalous(manifest: Manifest, detection: Detection): Alarms {
  return alarmsAt(judgedBy(manifest).threshold, detection);
}

/** The scores of the rows of one class. */
export function scoresOf({ scores, classes }: Detection, own: 0 | 1): number[] {
  return scores.filter((_, row) => classes[row] === own);
}
