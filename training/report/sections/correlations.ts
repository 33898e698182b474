import { figure } from '../format.ts';
import { html } from '../html.ts';
import { heatMap } from '../images.ts';
import type { Section } from '../section.ts';

/** Largest width of the figure, and width per dimension, in rem. */
const MAX_WIDTH = 22;
const WIDTH_PER_DIMENSION = 3;

export const correlations: Section = {
  title: 'Correlations of the code',
  render: ({ evaluation }) => {
    const { dimensions, correlations: all } = evaluation.code;
    const size = dimensions.length;
    if (size < 2) return undefined;
    const apart = all
      .filter((value, i) => value !== null && i % (size + 1) !== 0)
      .map((value) => Math.abs(value!));
    const average = apart.reduce((sum, value) => sum + value, 0) / Math.max(1, apart.length);
    return html`<p class="note">Correlations between the dimensions of the code, in order from left to right and from top to bottom. The mean absolute correlation of two dimensions is ${figure(Number(average.toPrecision(2)))}.</p>
<figure class="map" style="max-width:${Math.min(MAX_WIDTH, size * WIDTH_PER_DIMENSION)}rem"><img src="${heatMap(all, size, size)}" alt="Correlation matrix of ${size} dimensions of the code.">
<figcaption class="scale">−1<span style="background:linear-gradient(to right,rgb(60 118 235),transparent,rgb(230 96 20))"></span>1</figcaption></figure>`;
  },
};
