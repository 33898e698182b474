import { alarmsOf } from '../../evaluate/metrics/alarms.ts';
import { precisionRecallCurve } from '../../evaluate/metrics/detection.ts';
import { judgedBy } from '../../evaluate/metrics/judging.ts';
import { detectionCurve } from '../detectionCurve.ts';
import { finePercent, percent } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

export const precisionRecall: Section = {
  title: 'Precision and recall of alarms',
  render: async ({ manifest, evaluation: { detection } }) => {
    if (detection === null) return undefined;
    const { scores, classes } = detection;
    const { found, anomalies, falseAlarms, others } = alarmsOf(detection, judgedBy(manifest).threshold);
    const base = anomalies / (anomalies + others);
    const alarms = found + falseAlarms;
    // The kept scores are rounded: rows tie that do not.
    const average = finePercent(manifest.metrics['average-precision']!);
    const drawn = await detectionCurve(
      `Precision by recall over ${scores.length} test rows; the average precision is ${average}.`,
      {
        curve: precisionRecallCurve(scores, classes),
        x: 'recall: share of anomalies found',
        y: 'precision',
        chance: [
          [0, base],
          [1, base],
        ],
        threshold: alarms === 0 ? undefined : [found / anomalies, found / alarms],
      },
    );
    return html`<p class="note">The average precision is ${average}; chance (dashed) would give ${percent(base)}, the share of anomalies. At the threshold (dot), ${alarms === 0 ? 'no row is called anomalous' : html`${percent(found / alarms)} of ${alarms} alarms are correct`}.</p>${drawn}`;
  },
};
