/** Figures of example rows, each in several forms: the row itself, and reconstructions of it. */
import type { EvaluatedFeature, Evaluation, NullableFigures } from '../evaluate/evidence/evaluation.ts';
import { figure } from './format.ts';
import { type Html, html } from './html.ts';
import { imageShape, picture } from './images.ts';
import { legend } from './legend.ts';
import { scrollable } from './scrollable.ts';
import { curves } from './sparklines.ts';
import { COLOURS } from './theme.ts';

/** One form of an example. */
export interface ExamplePart {
  readonly name: string;
  readonly colour: string;
  readonly values: NullableFigures;
}

export interface Example {
  /** In the order in which they are shown. */
  readonly parts: readonly ExamplePart[];
  readonly caption: Html;
  /** Two forms whose difference is filled, for curves. */
  readonly between?: readonly [NullableFigures, NullableFigures];
}

type Target = Pick<Evaluation['target'], 'shape' | 'range'>;

/** Draws the forms of each example one below the other. */
export function imageExamples(examples: readonly Example[], { shape, range }: Target): Html {
  const size = imageShape(shape);
  const figures = examples.map(({ parts, caption }, i) => {
    const images = parts.map(
      ({ name, values }) =>
        html`<img src="${picture(values, size, range)}" width="${size.width}" height="${size.height}" alt="Example ${i + 1}: ${name}">`,
    );
    return html`<figure>${images}<figcaption>${caption}</figcaption></figure>`;
  });
  return html`<div class="pairs">${figures}</div>`;
}

/** Draws the forms of each example over each other, a figure for each channel: those of a sequence are interleaved. */
export function curveExamples(examples: readonly Example[], { shape }: Pick<Target, 'shape'>): Html {
  const [, channels = 1] = shape;
  const figures = examples.map(({ parts, caption, between }, i) => {
    const drawn = Array.from({ length: channels }, (_, channel) => {
      const own = (values: NullableFigures) => values.filter((_value, at) => at % channels === channel);
      return curves(
        `Example ${i + 1}: ${parts.map(({ name }) => name).join(', ')}${channels > 1 ? `, channel ${channel}` : ''}`,
        parts.map(({ values, colour }) => ({ values: own(values), colour })),
        between && { between: [own(between[0]), own(between[1])], colour: COLOURS.muted.light },
      );
    });
    return html`<figure>${drawn}<figcaption>${caption}</figcaption></figure>`;
  });
  return html`${legend(examples[0]!.parts)}<div class="spread">${figures}</div>`;
}

/** A feature with the position of its first value in an example. */
export interface PlacedFeature extends EvaluatedFeature {
  readonly start: number;
}

export function placed(features: readonly EvaluatedFeature[]): PlacedFeature[] {
  let next = 0;
  return features.map((feature) => {
    const start = next;
    next += Math.max(1, feature.categories.length);
    return { ...feature, start };
  });
}

/** Draws a table for each example, with a column for each form; `featuresOf` places the features in the values of one. */
export function tableExamples(
  examples: readonly Example[],
  names: readonly string[],
  featuresOf: (part: ExamplePart) => readonly PlacedFeature[],
): Html {
  const tables = examples.map(({ parts, caption }) => {
    const known = parts.map((part) => new Map(featuresOf(part).map((each) => [each.name, each])));
    const rows = names.map((name) => {
      const cells = parts.map(({ values }, i) => html`<td>${cell(known[i]!.get(name)!, values)}</td>`);
      return html`<tr><th scope="row">${name}</th>${cells}</tr>`;
    });
    const heads = parts.map(({ name }) => html`<th scope="col">${name}</th>`);
    return scrollable(
      'a row and its reconstruction',
      html`<table class="tight"><caption>${caption}</caption><thead><tr><th scope="col">feature</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
    );
  });
  return html`<div class="examples">${tables}</div>`;
}

/** A number, or a category with its probability unless it is certain; a dash if it is missing. */
function cell({ start, categories }: PlacedFeature, values: NullableFigures): string {
  if (categories.length === 0) return figure(values[start]!);
  const chances = values.slice(start, start + categories.length).map((chance) => chance ?? 0);
  const most = Math.max(...chances);
  if (most === 0) return figure(null);
  const category = categories[chances.indexOf(most)]!;
  return most === 1 ? category : `${category} ${Math.round(100 * most)} %`;
}
