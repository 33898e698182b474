import { errorCurves } from '../errorCurves.ts';
import { count, figure, percent } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const errors: Section = {
  title: 'Errors and the threshold',
  render: async ({ manifest, evaluation }) => {
    if (evaluation.errors === null) return undefined;
    const own = evaluation.errors;
    const series = [{ name: 'test rows', colour: COLOURS.accent.light, errors: own }];
    const isJudged = manifest.operations.includes('score');
    if (manifest.anomalyScore !== undefined || !isJudged) {
      const drawn = await errorCurves(
        `Distribution of the reconstruction error over ${own.length} test rows.`,
        series,
      );
      return html`<p class="note">Reconstruction errors of ${count(own.length)} test rows. ${isJudged ? 'This model judges rows by an anomaly score instead.' : 'This model has no operation that judges rows by their error.'}</p>${drawn}`;
    }
    const { threshold, contamination, targetFpr } = manifest.reconstructionError;
    const above = own.filter((error) => error > threshold).length / own.length;
    const drawn = await errorCurves(
      `Distribution of the reconstruction error over ${own.length} test rows; ${percent(above)} of them are above the threshold of ${figure(threshold)}.`,
      series,
      { threshold },
    );
    const set =
      targetFpr === undefined
        ? `It is set so that ${percent(contamination)} of the training rows are above it.`
        : `It is calibrated on the validation rows so that at most ${percent(targetFpr)} of rows like them are expected above it.`;
    return html`<p class="note">Rows above the threshold are called anomalous. ${set} Of ${count(own.length)} test rows, ${percent(above)} are above it.</p>${drawn}`;
  },
};
