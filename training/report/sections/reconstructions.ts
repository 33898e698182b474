import type {
  EvaluatedFeature,
  Evaluation,
  NullableFigures,
  ReconstructionExample,
} from '../../evaluate/evidence/evaluation.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import { imageShape, picture } from '../images.ts';
import { legend } from '../legend.ts';
import { scrollable } from '../scrollable.ts';
import type { Section } from '../section.ts';
import { curves } from '../sparklines.ts';
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
  const shape = imageShape(target.shape);
  const figures = examples.map((example, i) => {
    const images = partsOf(example).map(
      ({ name, values }) =>
        html`<img src="${picture(values, shape, target.range)}" width="${shape.width}" height="${shape.height}" alt="ReconstructionExample ${i + 1}: ${name}">`,
    );
    return html`<figure>${images}<figcaption>${caption(example, scatter.labelName)}</figcaption></figure>`;
  });
  const order = partsOf(examples[0]!).map(({ name }) => name);
  return html`${note(`from best to worst. From top to bottom: ${order.join(', ')}.`)}
<div class="pairs">${figures}</div>`;
}

/** Draws a curve for each channel; the channels of a sequence are interleaved. */
function asCurves(...[{ examples, target, scatter }, note]: Parameters<Draw>): Html {
  const [, channels = 1] = target.shape;
  const figures = examples.map((example, i) => {
    const drawn = Array.from({ length: channels }, (_, channel) => {
      const own = (values: NullableFigures) => values.filter((_value, at) => at % channels === channel);
      return curves(
        `ReconstructionExample ${i + 1} and its reconstruction${channels > 1 ? `, channel ${channel}` : ''}`,
        partsOf(example).map(({ values, colour }) => ({ values: own(values), colour })),
        { between: [own(example.target), own(example.reconstruction)], colour: COLOURS.muted.light },
      );
    });
    return html`<figure>${drawn}<figcaption>${caption(example, scatter.labelName)}</figcaption></figure>`;
  });
  return html`${note('from best to worst; the band between the curves is the error.')}
${legend(partsOf(examples[0]!))}<div class="spread">${figures}</div>`;
}

function asTable(...[{ examples, featureErrors, target, scatter }, note]: Parameters<Draw>): Html {
  const chosen = [...new Set([0, examples.length >> 1, examples.length - 1])]
    .slice(0, TABLE_EXAMPLES)
    .map((i) => examples[i]!);
  const features = placed(target.features!);
  const worst = Array.from(features.keys())
    .sort((a, b) => (featureErrors?.[b] ?? 0) - (featureErrors?.[a] ?? 0))
    .slice(0, TABLE_ROWS)
    .sort((a, b) => a - b)
    .map((i) => features[i]!);
  const tables = chosen.map((example) => {
    const parts = partsOf(example);
    const rows = worst.map((feature) => {
      const cells = parts.map(({ values }) => html`<td>${cell(feature, values)}</td>`);
      return html`<tr><th scope="row">${feature.name}</th>${cells}</tr>`;
    });
    const heads = parts.map(({ name }) => html`<th scope="col">${name}</th>`);
    return scrollable(
      'a row and its reconstruction',
      html`<table class="tight"><caption>${caption(example, scatter.labelName)}</caption><thead><tr><th scope="col">feature</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
    );
  });
  const left =
    features.length > worst.length
      ? ` Only the ${worst.length} of ${features.length} features with the largest errors are shown.`
      : '';
  const chances = features.some(({ categories }) => categories.length > 0)
    ? ' For categories, the most probable one is shown with its probability.'
    : '';
  return html`${note(`for the best, the median and the worst row.${chances}${left}`)}
<div class="examples">${tables}</div>`;
}

/** Features with the position of their first value in an example. */
function placed(features: readonly EvaluatedFeature[]): (EvaluatedFeature & { readonly start: number })[] {
  let next = 0;
  return features.map((feature) => {
    const start = next;
    next += Math.max(1, feature.categories.length);
    return { ...feature, start };
  });
}

/** A number, or a category with its probability unless it is certain; a dash if it is missing. */
function cell({ start, categories }: ReturnType<typeof placed>[number], values: NullableFigures): string {
  if (categories.length === 0) return figure(values[start]!);
  const chances = values.slice(start, start + categories.length).map((chance) => chance ?? 0);
  const most = Math.max(...chances);
  if (most === 0) return figure(null);
  const category = categories[chances.indexOf(most)]!;
  return most === 1 ? category : `${category} ${Math.round(100 * most)} %`;
}

function partsOf(
  example: ReconstructionExample,
): { name: string; colour: string; values: NullableFigures }[] {
  return PARTS.flatMap(({ part, name, colour }) => {
    const values = example[part];
    return values === null ? [] : [{ name, colour, values }];
  });
}

function caption({ error, label }: ReconstructionExample, name: string | null): Html {
  const shown = html`error ${figure(Number(error.toPrecision(3)))}`;
  return label === null ? shown : html`${shown}<br>${name ?? 'label'} ${label}`;
}
