import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { count } from '../format.ts';
import { type Html, html } from '../html.ts';
import { predictorTable } from '../predictorTable.ts';
import type { Section } from '../section.ts';

/** More classes make a table that nobody reads. */
const MOST_CLASSES = 20;

export const confusion: Section = {
  title: 'Predicted classes against true ones',
  render: async ({ manifest, evaluation: { prediction } }) => {
    if (prediction === null || prediction.classes === null) return undefined;
    const { classes, actual } = prediction;
    const table = classes.length > MOST_CLASSES ? undefined : confusionTable(prediction, classes);
    return html`<p class="note">What the predictor (${manifest.prediction!.predictor}) makes of the code of ${count(actual.length)} test rows: the class of ${prediction.target} that it holds most probable.</p>
${predictorTable(manifest, ['accuracy', 'log-loss'])}
${table}`;
  },
};

/** How many rows of each class are taken for which; those of classes that no training row had are left out. */
function confusionTable(
  { actual, predicted }: NonNullable<Evaluation['prediction']>,
  classes: readonly string[],
): Html {
  const counts = classes.map(() => classes.map(() => 0));
  actual.forEach((own, i) => {
    if (own >= 0) counts[own]![predicted[i]!]!++;
  });
  const heads = classes.map((name) => html`<th scope="col">${name}</th>`);
  const rows = counts.map(
    (row, own) =>
      html`<tr><th scope="row">${classes[own]!}</th>${row.map((each) => html`<td>${count(each)}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table class="tight"><thead><tr><th scope="col">true, and predicted as</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
