/** Reconstructions of the same rows by several models, side by side. */
import type { NullableFigures } from '../../../training/evaluate/evidence/evaluation.ts';
import {
  curveExamples,
  type Example,
  imageExamples,
  placed,
  tableExamples,
} from '../../../training/report/examples.ts';
import { figure } from '../../../training/report/format.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { COLOURS } from '../../../training/report/theme.ts';
import type { ComparedExample } from '../examples.ts';
import type { ComparedModel } from '../models.ts';

/** Rows of a table that are shown, and features of each. */
const TABLE_EXAMPLES = 3;
const TABLE_ROWS = 30;
/** Most models whose errors fit below an image. */
const CAPTIONED = 4;

export function reconstructionFigures(
  examples: readonly ComparedExample[],
  models: readonly ComparedModel[],
  colours: readonly string[],
): Html | undefined {
  if (examples.length === 0) return undefined;
  const { target } = models[0]!.evaluation;
  const shown = examples.map((each) => exampleOf(each, models, colours));
  const order = shown[0]!.parts.map(({ name }) => name).join(', ');
  const note = (sentence: string) =>
    html`<p class="note">The same rows by all models, from those with the lowest error to those with the highest. ${sentence}</p>`;
  if (target.kind === 'image')
    return html`${note(`From top to bottom: ${order}.`)}${imageExamples(shown, target)}`;
  if (target.kind === 'curves') return html`${note('')}${curveExamples(shown, target)}`;
  const features = models.map(({ evaluation }) => placed(evaluation.target.features ?? []));
  const names = features[0]!.map(({ name }) => name);
  const left =
    names.length > TABLE_ROWS ? `Only the first ${TABLE_ROWS} of ${names.length} features are shown.` : '';
  const some = [...new Set([0, shown.length >> 1, shown.length - 1])]
    .slice(0, TABLE_EXAMPLES)
    .map((i) => shown[i]!);
  return html`${note(left)}${tableExamples(
    some,
    names.slice(0, TABLE_ROWS),
    (part) =>
      features[
        Math.max(
          0,
          models.findIndex(({ label }) => label === part.name),
        )
      ]!,
  )}`;
}

function exampleOf(
  { targets, reconstructions, errors }: ComparedExample,
  models: readonly ComparedModel[],
  colours: readonly string[],
): Example {
  const part = (name: string, colour: string, values: NullableFigures) => ({ name, colour, values });
  const shownErrors = errors.slice(0, CAPTIONED).map((error) => figure(Number(error.toPrecision(3))));
  return {
    parts: [
      part('the row', COLOURS.ink.light, targets[0]!),
      ...models.map(({ label }, i) => part(label, colours[i]!, reconstructions[i]!)),
    ],
    caption: html`error ${shownErrors.join(', ')}`,
  };
}
