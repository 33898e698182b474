import type { Manifest } from '../../../shared/manifest.ts';
import type { Evaluation } from '../evaluation.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import { type ImageShape, imageShape, picture } from '../images.ts';
import { legend } from '../legend.ts';
import type { Section } from '../section.ts';
import { curves } from '../sparklines.ts';
import { COLOURS } from '../theme.ts';

type Example = Evaluation['examples'][number];

/** Values without names from which on a curve says more than a table. */
const CURVE_FROM = 12;
const TABLE_ROWS = 30;
const TABLE_EXAMPLES = 3;

const SERIES = [
  { name: 'row', colour: COLOURS.second.light },
  { name: 'reconstruction', colour: COLOURS.accent.light },
] as const;

export const reconstructions: Section = {
  title: 'Reconstructions',
  wide: true,
  render: ({ manifest, evaluation }) => {
    const { examples, targetShape } = evaluation;
    const [first] = examples;
    if (first === undefined) return undefined;
    const { names } = manifest.features;
    const image = names === null ? imageShape(targetShape) : undefined;
    if (image !== undefined) return asImages(manifest, examples, image);
    return names === null && first.target.length >= CURVE_FROM
      ? asCurves(examples, targetShape.length === 2 ? targetShape[1]! : 1)
      : asTable(manifest, evaluation);
  },
};

function asImages({ features }: Manifest, examples: readonly Example[], shape: ImageShape): Html {
  const low = features.statistics.min.reduce((least, value) => Math.min(least, value));
  const high = features.statistics.max.reduce((most, value) => Math.max(most, value));
  const figures = examples.map((example, i) => {
    const image = (values: Example['target'], what: string) =>
      html`<img src="${picture(values, shape, low, high)}" width="${shape.width}" height="${shape.height}" alt="${what} of example ${i + 1}">`;
    return html`<figure>${image(example.target, 'Test row')}${image(example.reconstruction, 'Reconstruction')}<figcaption>${caption(example)}</figcaption></figure>`;
  });
  return html`<p class="note">Test rows above, what is left of them after the code below; from the best to the worst reconstructed.</p>
<div class="pairs">${figures}</div>`;
}

/** Channels of a sequence are interleaved: each is a curve of its own. */
function asCurves(examples: readonly Example[], channels: number): Html {
  const channel = (values: Example['target'], index: number) =>
    values.filter((_, i) => i % channels === index);
  const figures = examples.map((example, i) => {
    const drawn = Array.from({ length: channels }, (_, index) =>
      curves(`Example ${i + 1} and its reconstruction`, [
        { values: channel(example.target, index), colour: SERIES[0].colour },
        { values: channel(example.reconstruction, index), colour: SERIES[1].colour },
      ]),
    );
    return html`<figure>${drawn}<figcaption>${caption(example)}</figcaption></figure>`;
  });
  return html`<p class="note">Test rows and what is left of them after the code, from the best to the worst reconstructed.</p>
${legend(SERIES)}<div class="spread">${figures}</div>`;
}

function asTable({ features }: Manifest, { examples, featureErrors }: Evaluation): Html {
  const chosen = [...new Set([0, examples.length >> 1, examples.length - 1])]
    .slice(0, TABLE_EXAMPLES)
    .map((i) => examples[i]!);
  const width = chosen[0]!.target.length;
  const worst = Array.from({ length: width }, (_, i) => i)
    .sort((a, b) => (featureErrors?.[b] ?? 0) - (featureErrors?.[a] ?? 0))
    .slice(0, TABLE_ROWS)
    .sort((a, b) => a - b);
  const named = width === features.count ? features.names : null;
  const rows = worst.map((i) => {
    const cells = chosen.map(
      (example) => html`<td>${figure(example.target[i]!)}</td><td>${figure(example.reconstruction[i]!)}</td>`,
    );
    return html`<tr><th scope="row">${named?.[i] ?? `feature ${i}`}</th>${cells}</tr>`;
  });
  const heads = chosen.map((example) => html`<th scope="col" colspan="2">${caption(example)}</th>`);
  const columns = chosen.map(() => html`<th scope="col">row</th><th scope="col">reconstruction</th>`);
  const left = width > worst.length ? ` Of ${width} features, the ${worst.length} of largest error.` : '';
  return html`<p class="note">The best, the median and the worst reconstructed of the test rows.${left}</p>
<div class="scroll"><table><thead><tr><th></th>${heads}</tr><tr><th scope="col">feature</th>${columns}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function caption({ error, label }: Example): Html {
  const shown = html`error ${figure(Number(error.toPrecision(3)))}`;
  return label === null ? shown : html`${shown}<br>label ${label}`;
}
