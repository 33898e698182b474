import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { count } from '../format.ts';
import { type Html, html } from '../html.ts';
import { predictorTable } from '../predictorTable.ts';
import { scrollable } from '../scrollable.ts';
import type { Section } from '../section.ts';

/** Most classes for which the matrix is readable. */
const MOST_CLASSES = 20;

export const confusion: Section = {
  title: 'Predicted and true classes',
  render: async ({ manifest, evaluation: { prediction } }) => {
    if (prediction === null || prediction.classes === null) return undefined;
    const { classes, actual } = prediction;
    const table = classes.length > MOST_CLASSES ? undefined : confusionTable(prediction, classes);
    return html`<p class="note">Most probable class of ${prediction.target}, predicted from the codes of ${count(actual.length)} test rows by ${manifest.prediction!.predictor}.</p>
${predictorTable(manifest, ['accuracy', 'log-loss'])}
${table}`;
  },
};

/** Confusion matrix of counts; leaves out rows of classes that no training row had. */
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
  return scrollable(
    'confusion matrix',
    html`<table class="tight"><thead><tr><th scope="col">true class / predicted class</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}
