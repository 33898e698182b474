import type { ReconstructionError } from '../../../shared/measured.ts';
import { judgedBy } from '../../evaluate/metrics/judging.ts';
import { errorCurves } from '../errorCurves.ts';
import { count, figure, percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import { scoreText } from '../scoreText.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const errors: Section = {
  title: 'Errors and the threshold',
  render: async ({ manifest, evaluation }) => {
    const { errors: own, scores } = evaluation;
    if (own === null) return undefined;
    if (!manifest.operations.includes('score')) {
      return unjudged(own, 'This model has no operation that judges rows by their error.');
    }
    if (manifest.anomalyScore === undefined) return judged('error', own, judgedBy(manifest));
    if (scores === null) return unjudged(own, 'This model judges rows by an anomaly score instead.');
    return html`${await judged('score', scores, judgedBy(manifest))}
${await unjudged(own, `Rows are judged by the score above: ${scoreText(manifest)}.`)}`;
  },
};

/** What rows are judged by, with words for it. */
const MEASURES = {
  error: { name: 'reconstruction error', title: 'reconstruction error of a row' },
  score: { name: 'anomaly score', title: 'anomaly score of a row' },
} as const;

async function judged(
  by: keyof typeof MEASURES,
  values: readonly number[],
  { threshold, contamination, targetFpr }: ReconstructionError,
): Promise<Html> {
  const { name, title } = MEASURES[by];
  const above = values.filter((value) => value > threshold).length / values.length;
  const drawn = await errorCurves(
    `Distribution of the ${name} over ${values.length} test rows; ${percent(above)} of them are above the threshold of ${figure(threshold)}.`,
    [{ name: 'test rows', colour: COLOURS.accent.light, errors: values }],
    { threshold, title },
  );
  const set =
    targetFpr === undefined
      ? `It is set so that ${percent(contamination)} of the training rows are above it.`
      : `It is calibrated on the validation rows so that at most ${percent(targetFpr)} of rows like them are expected above it.`;
  return html`<p class="note">Rows with ${by === 'error' ? 'an error' : 'a score'} above the threshold are called anomalous. ${set} Of ${count(values.length)} test rows, ${percent(above)} are above it.</p>${drawn}`;
}

async function unjudged(values: readonly number[], sentence: string): Promise<Html> {
  const drawn = await errorCurves(
    `Distribution of the reconstruction error over ${values.length} test rows.`,
    [{ name: 'test rows', colour: COLOURS.accent.light, errors: values }],
  );
  return html`<p class="note">Reconstruction errors of ${count(values.length)} test rows. ${sentence}</p>${drawn}`;
}
