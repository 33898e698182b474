import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { judgedBy } from '../../evaluate/metrics/judging.ts';
import { errorCurves } from '../errorCurves.ts';
import { count } from '../format.ts';
import { html } from '../html.ts';
import { legend } from '../legend.ts';
import { scoreText } from '../scoreText.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const scoresByClass: Section = {
  title: 'Scores of anomalies and normal rows',
  render: async ({ manifest, evaluation: { detection } }) => {
    if (detection === null) return undefined;
    const series = [
      { name: 'normal rows', colour: COLOURS.accent.light, errors: scoresOf(detection, 0) },
      { name: 'anomalies', colour: COLOURS.second.light, errors: scoresOf(detection, 1) },
    ];
    const [others, anomalies] = series.map(({ errors }) => count(errors.length));
    const drawn = await errorCurves(
      `Distributions of the scores of ${anomalies} anomalies and ${others} normal test rows.`,
      series,
      { threshold: judgedBy(manifest).threshold, title: 'score of a row' },
    );
    return html`<p class="note">Scores of ${anomalies} anomalies and ${others} normal rows among the test rows. The score of a row is ${scoreText(manifest)}.</p>${legend(series)}${drawn}`;
  },
};

/** Scores of the rows of one class: 1 for anomalies, 0 for normal rows. */
function scoresOf({ scores, classes }: NonNullable<Evaluation['detection']>, own: 0 | 1): number[] {
  return scores.filter((_, row) => classes[row] === own);
}
