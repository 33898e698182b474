import type { Condition, Manifest } from '../../../shared/manifest.ts';
import { sampleCodes } from '../../../shared/sample.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { type CodePictures, generatedPictures } from '../codePictures.ts';
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
    return html`<p class="note">Reconstructions of codes drawn from the prior, a normal distribution${layout}. The mean evidence lower bound (ELBO) of a test row is ${figure(elbo!)} nats. The divergence of its code from the prior lowers it by ${figure(kl!)} nats, with ${active} of ${manifest.codeSize} dimensions active.</p>
<figure class="map"><img src="${uri}" alt="Samples from the prior${layout}."></figure>`;
  },
};

async function draw(pictures: CodePictures, manifest: Manifest): Promise<{ uri: string; layout: string }> {
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
  const layout = columns > 1 ? ': one row per code, one column per condition' : '';
  return { uri, layout };
}

/** Each label, up to `COLUMNS` of them; the mean of a condition that is no label. */
function conditionsOf({ size, labels }: Condition, { features }: Manifest): Float32Array[] {
  if (labels === undefined)
    return [Float32Array.from(features.statistics.mean.slice(-size), (mean) => mean ?? 0)];
  return Array.from({ length: Math.min(size, COLUMNS) }, (_, column) =>
    new Float32Array(size).fill(1, column, column + 1),
  );
}

/** Repeats each row `times` times. */
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
