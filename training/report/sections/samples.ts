import type { Condition, Manifest } from '../../../shared/manifest.ts';
import { sampleCodes } from '../../../shared/sample.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { generatedPictures, type Pictures } from '../decoded.ts';
import { figure } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

const COLUMNS = 10;
const ROWS = 8;

export const samples: Section = {
  title: 'Samples from the prior',
  render: async (source) => {
    const pictures = generatedPictures(source);
    if (pictures === undefined) return undefined;
    const { manifest } = source;
    const { elbo, kl, 'active-dimensions': active } = manifest.metrics;
    const { uri, layout } = await draw(pictures, manifest);
    return html`<p class="note">What the decoder makes of codes drawn from the normal distribution${layout}. The evidence lower bound (ELBO) of a test row is ${figure(elbo!)} nats; ${figure(kl!)} of what it is below 0 is the divergence of its code from the prior, in ${active} active dimensions of ${manifest.codeSize}.</p>
<figure class="map"><img src="${uri}" alt="Samples from the prior${layout}."></figure>`;
  },
};

async function draw(pictures: Pictures, manifest: Manifest): Promise<{ uri: string; layout: string }> {
  const { codeSize, condition, training } = manifest;
  const codes = (count: number) => sampleCodes({ count, codeSize, seed: training.seed });
  if (condition === undefined)
    return { uri: await pictures.ofCodes(codes(ROWS * COLUMNS), COLUMNS), layout: '' };
  const conditions = conditionsOf(condition, manifest);
  const columns = conditions.length;
  const each = codes(ROWS);
  const uri = await pictures.ofCodes(
    tiled(each, columns),
    columns,
    packed(Array.from({ length: ROWS }, () => conditions).flat()),
  );
  const layout = columns > 1 ? ': a row for every code, a column for every condition' : '';
  return { uri, layout };
}

/** Every label by itself, up to so many; of other conditions the mean. */
function conditionsOf({ size, labels }: Condition, { features }: Manifest): Float32Array[] {
  if (labels === undefined)
    return [Float32Array.from(features.statistics.mean.slice(-size), (mean) => mean ?? 0)];
  return Array.from({ length: Math.min(size, COLUMNS) }, (_, column) =>
    new Float32Array(size).fill(1, column, column + 1),
  );
}

/** Every row so many times, one after the other. */
function tiled({ data, rowCount, width }: Matrix, times: number): Matrix {
  return packed(
    Array.from({ length: rowCount * times }, (_, i) => {
      const row = Math.floor(i / times);
      return data.subarray(row * width, (row + 1) * width);
    }),
  );
}

function packed(rows: readonly Float32Array[]): Matrix {
  const width = rows[0]!.length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    data.set(row, i * width);
  });
  return { data, rowCount: rows.length, width };
}
