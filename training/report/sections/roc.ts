import { alarmsOf } from '../../evaluate/metrics/alarms.ts';
import { rocCurve } from '../../evaluate/metrics/detection.ts';
import { judgedBy } from '../../evaluate/metrics/judging.ts';
import { detectionCurve } from '../detectionCurve.ts';
import { finePercent, percent } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

export const roc: Section = {
  title: 'Anomalies found and false alarms',
  render: async ({ manifest, evaluation: { detection } }) => {
    if (detection === null) return undefined;
    const { scores, classes } = detection;
    const { found, anomalies, falseAlarms, others } = alarmsOf(detection, judgedBy(manifest).threshold);
    const area = finePercent(manifest.metrics['roc-auc']!);
    const drawn = await detectionCurve(
      `ROC curve over ${scores.length} test rows; the area under it is ${area}.`,
      {
        curve: rocCurve(scores, classes),
        x: 'share of normal rows called anomalous',
        y: 'share of anomalies found',
        chance: [
          [0, 0],
          [1, 1],
        ],
        threshold: [falseAlarms / others, found / anomalies],
      },
    );
    return html`<p class="note">Receiver operating characteristic (ROC): an anomaly has a higher score than a normal row in ${area} of the pairs; chance (dashed) would give 50 %. At the threshold (dot), ${percent(found / anomalies)} of the anomalies are found, and ${percent(falseAlarms / others)} of the normal rows are false alarms.</p>${drawn}`;
  },
};
