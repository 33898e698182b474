import { errorCurves } from '../errorCurves.ts';
import { figure, percent } from '../format.ts';
import { html } from '../html.ts';
import { legend } from '../legend.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const specificity: Section = {
  title: 'Does it know its data?',
  render: async ({ evaluation, manifest }) => {
    const { specificity: told, errors: ownErrors } = evaluation;
    if (told === null || ownErrors === null) return undefined;
    const { noise, shuffled } = told;
    const { threshold } = manifest.reconstructionError;
    const own = { name: 'test rows', colour: COLOURS.accent.light, errors: ownErrors, auroc: null };
    const series = [
      own,
      { ...shuffled, name: 'shuffled', colour: COLOURS.third.light },
      { ...noise, name: 'noise', colour: COLOURS.second.light },
    ];
    const base = median(own.errors);
    const rows = series.map(({ name, errors, auroc }) => {
      const middle = median(errors);
      const above = errors.filter((error) => error > threshold).length / errors.length;
      return html`<tr><th scope="row">${name}</th><td>${figure(middle)}</td><td>${base > 0 ? `${(middle / base).toFixed(1)}×` : '–'}</td><td>${percent(above)}</td><td>${auroc === null ? '–' : percent(auroc)}</td></tr>`;
    });
    const drawn = await errorCurves(
      'Distributions of the reconstruction error of test rows, of rows with shuffled columns and of noise.',
      series,
    );
    return html`<p class="note">A model that only copies reconstructs anything. One that has learnt the data fails on noise in the range of the training rows, and on test rows whose columns are shuffled against each other.</p>
${legend(series)}${drawn}
<div class="scroll"><table class="tight"><thead><tr><th scope="col">error of</th><th scope="col">median</th><th scope="col">ratio</th><th scope="col">above threshold</th><th scope="col">told apart</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  },
};

function median(errors: readonly number[]): number {
  return errors.toSorted((a, b) => a - b)[errors.length >> 1]!;
}
