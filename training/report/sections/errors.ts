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
      return html`<p class="note">Of ${count(own.length)} test rows. ${isJudged ? 'This model judges rows by a score in place of it.' : 'This model has no operation that judges rows by it.'}</p>${drawn}`;
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
        ? `it leaves ${percent(contamination)} of the training rows above it`
        : `it leaves so few validation rows above it that at most ${percent(targetFpr)} of rows like those trained on will be`;
    return html`<p class="note">Rows above the threshold are called anomalous: ${set}, and ${percent(above)} of ${count(own.length)} test rows.</p>${drawn}`;
  },
};
