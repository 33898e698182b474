import { normalQuantile } from '../../../shared/normal.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { generatedPictures } from '../codePictures.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

/** Images per row and column. */
const SIDE = 15;

export const latentMap: Section = {
  title: 'Map of the code',
  render: async (source) => {
    const { codeSize, condition } = source.manifest;
    const pictures = generatedPictures(source);
    // A conditional model would need a map for each condition.
    if (pictures === undefined || condition !== undefined || codeSize < 2) return undefined;
    const [across, down] = mostActive(source.evaluation.code);
    const uri = await pictures.ofCodes(gridCodes(codeSize, across, down), SIDE);
    const others = codeSize > 2 ? '. These two vary most over the test rows; all others are 0' : '';
    return html`<p class="note">Reconstructions of codes at evenly spaced quantiles of the prior, from its 3rd to its 97th percentile: dimension ${across} varies from left to right, dimension ${down} from top to bottom${others}.</p>
<figure class="map"><img src="${uri}" alt="${SIDE} times ${SIDE} reconstructions of codes on a grid in dimensions ${across} and ${down}."></figure>`;
  },
};

function mostActive({ dimensions, spreads }: Evaluation['code']): [number, number] {
  const [first, second] = dimensions
    .map((dimension, i) => ({ dimension, spread: spreads[i]! }))
    .sort((a, b) => b.spread - a.spread || a.dimension - b.dimension);
  return [first!.dimension, second!.dimension];
}

function gridCodes(width: number, across: number, down: number): Matrix {
  const data = new Float32Array(SIDE * SIDE * width);
  const at = (i: number) => normalQuantile((i + 0.5) / SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const start = (row * SIDE + column) * width;
      data[start + across] = at(column);
      data[start + down] = at(row);
    }
  }
  return { data, rowCount: SIDE * SIDE, width };
}
