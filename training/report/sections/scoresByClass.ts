import { judgedBy } from '../../evaluate/metrics/judging.ts';
import { scoresOf } from '../called.ts';
import { errorCurves } from '../errorCurves.ts';
import { count } from '../format.ts';
import { html } from '../html.ts';
import { legend } from '../legend.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const scoresByClass: Section = {
  title: 'Scores of anomalies and of other rows',
  render: async ({ manifest, evaluation: { detection } }) => {
    if (detection === null) return undefined;
    const series = [
      { name: 'other rows', colour: COLOURS.accent.light, errors: scoresOf(detection, 0) },
      { name: 'anomalies', colour: COLOURS.second.light, errors: scoresOf(detection, 1) },
    ];
    const [others, anomalies] = series.map(({ errors }) => count(errors.length));
    const drawn = await errorCurves(
      `Distributions of the scores of ${anomalies} anomalies and ${others} other test rows.`,
      series,
      { threshold: judgedBy(manifest).threshold, title: 'score of a row' },
    );
    const by =
      manifest.anomalyScore === undefined
        ? 'the reconstruction error'
        : 'residual and reconstruction together';
    return html`<p class="note">${anomalies} anomalies among the test rows, and ${others} other rows, by their score: ${by}.</p>${legend(series)}${drawn}`;
  },
};
