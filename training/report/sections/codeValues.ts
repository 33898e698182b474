import { chart } from '../charts.ts';
import { figure, percent } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const codeValues: Section = {
  title: 'Values of all dimensions',
  render: async ({ code }) => {
    const { mean, shareActive, histogram } = code;
    const total = histogram.counts.reduce((sum, count) => sum + count, 0);
    const values = histogram.counts.map((count, bin) => ({
      from: histogram.edges[bin],
      to: histogram.edges[bin + 1],
      share: count / total,
    }));
    const drawn = await chart(
      `Histogram of all values of the code; their mean is ${figure(mean)}, and ${percent(shareActive)} are active.`,
      {
        data: { values },
        mark: { type: 'rect', color: COLOURS.accent.light },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative',
            title: 'value',
            scale: { nice: false, zero: false },
            axis: { grid: false },
          },
          x2: { field: 'to' },
          y: { field: 'share', type: 'quantitative', title: 'share of the values', axis: { format: '~%' } },
          y2: { datum: 0 },
        },
      },
      200,
    );
    return html`<p class="note">All values in the codes of the test rows. Their mean is ${figure(mean)}, and ${percent(shareActive)} are active (not exactly 0).</p>${drawn}`;
  },
};
