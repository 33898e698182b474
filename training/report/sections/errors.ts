import { errorCurves } from '../errorCurves.ts';
import { count, figure, percent } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const errors: Section = {
  title: 'Errors and the threshold',
  render: async ({ manifest, evaluation }) => {
    if (evaluation.errors === null) return undefined;
    const { threshold, contamination } = manifest.reconstructionError;
    const own = evaluation.errors;
    const above = own.filter((error) => error > threshold).length / own.length;
    const drawn = await errorCurves(
      `Distribution of the reconstruction error over ${own.length} test rows; ${percent(above)} of them are above the threshold of ${figure(threshold)}.`,
      [{ name: 'test rows', colour: COLOURS.accent.light, errors: own }],
      threshold,
    );
    return html`<p class="note">Rows above the threshold are called anomalous: it leaves ${percent(contamination)} of the training rows above it, and ${percent(above)} of ${count(own.length)} test rows.</p>${drawn}`;
  },
};
