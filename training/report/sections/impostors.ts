import { errorCurves } from '../errorCurves.ts';
import { figure, percent } from '../format.ts';
import { html } from '../html.ts';
import { legend } from '../legend.ts';
import { scrollable } from '../scrollable.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const impostors: Section = {
  title: 'Test rows and impostor rows',
  render: async ({ evaluation, manifest }) => {
    const { specificity: impostorErrors, errors: ownErrors } = evaluation;
    if (impostorErrors === null || ownErrors === null) return undefined;
    const { noise, shuffled } = impostorErrors;
    const { threshold: limit } = manifest.reconstructionError;
    const threshold = manifest.anomalyScore === undefined ? 'threshold' : `error of ${figure(limit)}`;
    const own = { name: 'test rows', colour: COLOURS.accent.light, errors: ownErrors, auroc: null };
    const series = [
      own,
      { ...shuffled, name: 'shuffled', colour: COLOURS.third.light },
      { ...noise, name: 'noise', colour: COLOURS.second.light },
    ];
    const base = median(own.errors);
    const rows = series.map(({ name, errors, auroc }) => {
      const middle = median(errors);
      const above = errors.filter((error) => error > limit).length / errors.length;
      return html`<tr><th scope="row">${name}</th><td>${figure(middle)}</td><td>${base > 0 ? `${(middle / base).toFixed(1)}×` : '–'}</td><td>${percent(above)}</td><td>${auroc === null ? '–' : percent(auroc)}</td></tr>`;
    });
    const drawn = await errorCurves(
      'Distributions of the reconstruction error of test rows, of rows with shuffled columns and of noise.',
      series,
    );
    return html`<p class="note">Impostor rows resemble the data in each column but not as a whole: noise in the range of the training rows, and test rows with shuffled columns. A model that merely copies its input reconstructs them as well as test rows; a model that has learnt the data does not.</p>
${legend(series)}${drawn}
${scrollable('errors of test rows and impostor rows', html`<table class="tight"><thead><tr><th scope="col">rows</th><th scope="col">median error</th><th scope="col">ratio</th><th scope="col">above ${threshold}</th><th scope="col">ROC AUC</th></tr></thead><tbody>${rows}</tbody></table>`)}`;
  },
};

function median(errors: readonly number[]): number {
  return errors.toSorted((a, b) => a - b)[errors.length >> 1]!;
}
