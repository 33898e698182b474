import { figure } from '../format.ts';
import { html } from '../html.ts';
import { heatMap } from '../images.ts';
import type { Section } from '../section.ts';

/** In rem. */
const WIDEST = 22;
const PER_DIMENSION = 3;

export const correlations: Section = {
  title: 'How the dimensions of the code are related',
  render: ({ evaluation }) => {
    const { dimensions, correlations: all } = evaluation.code;
    const size = dimensions.length;
    if (size < 2) return undefined;
    const apart = all
      .filter((value, i) => value !== null && i % (size + 1) !== 0)
      .map((value) => Math.abs(value!));
    const average = apart.reduce((sum, value) => sum + value, 0) / Math.max(1, apart.length);
    return html`<p class="note">Correlations of the code's dimensions, first to last from left to right and from top to bottom. Two different ones have a correlation of ±${figure(Number(average.toPrecision(2)))} on average.</p>
<figure class="map" style="max-width:${Math.min(WIDEST, size * PER_DIMENSION)}rem"><img src="${heatMap(all, size, size)}" alt="Correlation matrix of ${size} dimensions of the code.">
<figcaption class="scale">−1<span style="background:linear-gradient(to right,rgb(60 118 235),transparent,rgb(230 96 20))"></span>1</figcaption></figure>`;
  },
};
