import { figure } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { bars } from '../sparklines.ts';
import { COLOURS } from '../theme.ts';

export const code: Section = {
  title: 'Distribution of the code',
  wide: true,
  render: ({ evaluation, manifest }) => {
    const { dimensions, spreads, histograms } = evaluation.code;
    const figures = dimensions.map((dimension, i) => {
      const { low, high, counts } = histograms[i]!;
      const range =
        spreads[i] === 0 ? `always ${rounded((low + high) / 2)}` : `${rounded(low)} to ${rounded(high)}`;
      const drawn = bars(
        `Histogram of dimension ${dimension} of the code, ${range}`,
        counts,
        COLOURS.accent.light,
      );
      return html`<figure>${drawn}<figcaption><b>${dimension}</b><br>${range}</figcaption></figure>`;
    });
    const left = manifest.codeSize - dimensions.length;
    return html`<p class="note">Histogram of each dimension over the test rows, from its smallest to its largest value${left > 0 ? `; ${left} dimensions of smaller variance are left out` : ''}.</p>
<div class="small">${figures}</div>`;
  },
};

/** Two significant digits, for lack of room. */
function rounded(value: number): string {
  return figure(Number(value.toPrecision(2)));
}
