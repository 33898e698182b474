import type { Features } from '../../../shared/features.ts';
import { seedText } from '../../../shared/splitSeed.ts';
import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { count, parityText } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { Section } from '../section.ts';

export type Fact = readonly [name: string, value: string];

export const facts: Section = {
  title: 'Facts',
  wide: true,
  render: ({ manifest, evaluation }) => {
    const { data, training, recipe, features, codeSize, parity, libraries, name, version, operations } =
      manifest;
    const { rows } = data;
    const known: Fact[] = [
      ['model', `${name}@${version}`],
      ['recipe', recipe.name],
      ['data', data.source],
      [
        'rows',
        `${count(rows.train)} for training, ${count(rows.validation)} for validation, ${count(rows.test)} for testing`,
      ],
      ...(data.sampled
        ? [['figures are of', `${count(data.sampled.test)} test rows, drawn at random`] as const]
        : []),
      ...(data.withRows === false ? [['shown of them', 'no rows, codes or predictions'] as const] : []),
      ['data fingerprint', data.fingerprint.slice(0, 12)],
      ['features', featuresText(features)],
      ...(training.refused === undefined ? [] : [['refused', training.refused] as const]),
      ['code size', `${count(codeSize)}, one for every ${(features.count / codeSize).toFixed(1)} features`],
      ['engine', training.engine],
      ['seed', seedText(training)],
      [
        'epochs',
        `${count(training.epochs)}${training.interrupted ? ', interrupted' : ''}; the best is ${training.bestEpoch}`,
      ],
      ...(operations.length === 0 ? [] : [['operations', operations.join(', ')] as const]),
      ['parity with WASM', parityText(parity)],
      [
        'libraries',
        Object.entries(libraries)
          .map((each) => each.join(' '))
          .join(', '),
      ],
    ];
    const settings = Object.entries(recipe.config).map(([key, value]): Fact => [key, text(value)]);
    return html`${factList(known)}${columns(features, evaluation.ignored)}<details><summary>Settings</summary>${factList(settings)}</details>`;
  },
};

function featuresText({ count: features, rowShape, columns }: Features): string {
  if (columns !== undefined) return `${count(features)} columns of a table`;
  return `${count(features)}, rows of shape [${rowShape.join(', ')}]`;
}

/** Columns of a table with their transforms, and the ignored ones with the reason. */
function columns({ names, columns = [] }: Features, ignored: Evaluation['ignored']): Html | undefined {
  if (columns.length === 0) return undefined;
  const used = columns.map(({ type, transforms }, i): Fact => {
    const steps = transforms.map(({ transform }) => transform).join(', ');
    return [names![i]!, `${type}: ${steps === '' ? 'no transform' : steps}`];
  });
  const others = ignored.map(({ name, reason }): Fact => [name, `ignored: ${reason}`]);
  return html`<details><summary>Columns</summary>${factList([...used, ...others])}</details>`;
}

/** A list of names with their values. */
export function factList(entries: readonly Fact[]): Html {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
