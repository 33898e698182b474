import type { Evaluation, ReconstructionExample } from '../../evaluate/evidence/evaluation.ts';
import { curveExamples, type Example, imageExamples, placed, tableExamples } from '../examples.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

const TABLE_ROWS = 30;
const TABLE_EXAMPLES = 3;

/** Parts of an example, in the order in which they are shown. */
const PARTS = [
  { part: 'target', name: 'test row', colour: COLOURS.second.light },
  { part: 'corrupted', name: 'corrupted', colour: COLOURS.muted.light },
  { part: 'reconstruction', name: 'reconstruction', colour: COLOURS.accent.light },
] as const;

export const reconstructions: Section = {
  title: 'Reconstructions',
  wide: true,
  render: ({ manifest, evaluation }) => {
    const [first] = evaluation.examples;
    if (first === undefined) return undefined;
    const what =
      manifest.graphs.forecast === undefined
        ? `Test rows and their reconstructions${first.corrupted === null ? '' : ' from corrupted copies'}`
        : 'Last steps of test rows and their forecasts from the steps before';
    const note = (sentence: string) => html`<p class="note">${what}, ${sentence}</p>`;
    return DRAWN[evaluation.target.kind](evaluation, note);
  },
};

type Draw = (evaluation: Evaluation, note: (sentence: string) => Html) => Html;

const DRAWN: Record<Evaluation['target']['kind'], Draw> = {
  image: asImages,
  curves: asCurves,
  table: asTable,
};

function asImages(...[{ examples, target, scatter }, note]: Parameters<Draw>): Html {
  const shown = examples.map((each) => shownExample(each, scatter.labelName));
  const order = shown[0]!.parts.map(({ name }) => name);
  return html`${note(`from best to worst. From top to bottom: ${order.join(', ')}.`)}
${imageExamples(shown, target)}`;
}

function asCurves(...[{ examples, target, scatter }, note]: Parameters<Draw>): Html {
  const shown = examples.map((each) => shownExample(each, scatter.labelName));
  return html`${note('from best to worst; the band between the curves is the error.')}
${curveExamples(shown, target)}`;
}

function asTable(...[{ examples, featureErrors, target, scatter }, note]: Parameters<Draw>): Html {
  const chosen = [...new Set([0, examples.length >> 1, examples.length - 1])]
    .slice(0, TABLE_EXAMPLES)
    .map((i) => shownExample(examples[i]!, scatter.labelName));
  const features = placed(target.features!);
  const worst = Array.from(features.keys())
    .sort((a, b) => (featureErrors?.[b] ?? 0) - (featureErrors?.[a] ?? 0))
    .slice(0, TABLE_ROWS)
    .sort((a, b) => a - b)
    .map((i) => features[i]!.name);
  const left =
    features.length > worst.length
      ? ` Only the ${worst.length} of ${features.length} features with the largest errors are shown.`
      : '';
  const chances = features.some(({ categories }) => categories.length > 0)
    ? ' For categories, the most probable one is shown with its probability.'
    : '';
  return html`${note(`for the best, the median and the worst row.${chances}${left}`)}
${tableExamples(chosen, worst, () => features)}`;
}

function shownExample(example: ReconstructionExample, labelName: string | null): Example {
  const parts = PARTS.flatMap(({ part, name, colour }) => {
    const values = example[part];
    return values === null ? [] : [{ name, colour, values }];
  });
  return { parts, caption: caption(example, labelName), between: [example.target, example.reconstruction] };
}

function caption({ error, label }: ReconstructionExample, name: string | null): Html {
  const shown = html`error ${figure(Number(error.toPrecision(3)))}`;
  return label === null ? shown : html`${shown}<br>${name ?? 'label'} ${label}`;
}
