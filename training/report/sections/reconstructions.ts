import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import { imageShape, picture } from '../images.ts';
import { legend } from '../legend.ts';
import type { Section } from '../section.ts';
import { curves } from '../sparklines.ts';
import { COLOURS } from '../theme.ts';

type Example = Evaluation['examples'][number];
type Values = Example['target'];

const TABLE_ROWS = 30;
const TABLE_EXAMPLES = 3;

/** What there is to see of an example, in order. */
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
    const source = first.corrupted === null ? 'their codes' : 'the codes of corrupted copies';
    const what =
      manifest.graphs.forecast === undefined
        ? `Test rows and what is reconstructed from ${source}`
        : 'The last steps of test rows and what is predicted of them from those before';
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
        html`<img src="${picture(values, shape, target.range)}" width="${shape.width}" height="${shape.height}" alt="Example ${i + 1}: ${name}">`,
    );
    return html`<figure>${images}<figcaption>${caption(example, scatter.labelName)}</figcaption></figure>`;
  });
  const order = partsOf(examples[0]!).map(({ name }) => name);
  return html`${note(`from the best to the worst reconstructed. From top to bottom: ${order.join(', ')}.`)}
<div class="pairs">${figures}</div>`;
}

/** Channels of a sequence are interleaved: each is a curve of its own. */
function asCurves(...[{ examples, target, scatter }, note]: Parameters<Draw>): Html {
  const [, channels = 1] = target.shape;
  const figures = examples.map((example, i) => {
    const drawn = Array.from({ length: channels }, (_, channel) => {
      const own = (values: Values) => values.filter((_value, at) => at % channels === channel);
      return curves(
        `Example ${i + 1} and its reconstruction${channels > 1 ? `, channel ${channel}` : ''}`,
        partsOf(example).map(({ values, colour }) => ({ values: own(values), colour })),
        { between: [own(example.target), own(example.reconstruction)], colour: COLOURS.muted.light },
      );
    });
    return html`<figure>${drawn}<figcaption>${caption(example, scatter.labelName)}</figcaption></figure>`;
  });
  return html`${note('from the best to the worst reconstructed; the band between them is the error.')}
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
    return html`<table class="tight"><caption>${caption(example, scatter.labelName)}</caption><thead><tr><th scope="col">feature</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`;
  });
  const left =
    features.length > worst.length
      ? ` Of ${features.length} features, the ${worst.length} of largest error.`
      : '';
  const chances = features.some(({ categories }) => categories.length > 0)
    ? ' Of a category, the most probable one and its probability.'
    : '';
  return html`${note(`the best, the median and the worst of them.${chances}${left}`)}
<div class="examples">${tables}</div>`;
}

type Feature = NonNullable<Evaluation['target']['features']>[number];

/** With the position of the first value of each in an example. */
function placed(features: readonly Feature[]): (Feature & { readonly start: number })[] {
  let next = 0;
  return features.map((feature) => {
    const start = next;
    next += Math.max(1, feature.categories.length);
    return { ...feature, start };
  });
}

/** A number, or a category with its probability where it is not certain; a dash where it is missing. */
function cell({ start, categories }: ReturnType<typeof placed>[number], values: Values): string {
  if (categories.length === 0) return figure(values[start]!);
  const chances = values.slice(start, start + categories.length).map((chance) => chance ?? 0);
  const most = Math.max(...chances);
  if (most === 0) return figure(null);
  const category = categories[chances.indexOf(most)]!;
  return most === 1 ? category : `${category} ${Math.round(100 * most)} %`;
}

function partsOf(example: Example): { name: string; colour: string; values: Values }[] {
  return PARTS.flatMap(({ part, name, colour }) => {
    const values = example[part];
    return values === null ? [] : [{ name, colour, values }];
  });
}

function caption({ error, label }: Example, name: string | null): Html {
  const shown = html`error ${figure(Number(error.toPrecision(3)))}`;
  return label === null ? shown : html`${shown}<br>${name ?? 'label'} ${label}`;
}
