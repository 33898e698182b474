import type { Manifest } from '../../../shared/manifest.ts';
import { sampleCodes } from '../../../shared/sample.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { generatedPictures } from '../decoded.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { Section } from '../section.ts';

const SAMPLES = 60;
const COLUMNS = 12;
/** Of every condition. */
const CONDITIONED = 6;

export const samples: Section = {
  title: 'Samples from the prior',
  wide: true,
  render: async (source) => {
    const pictures = generatedPictures(source);
    if (pictures === undefined) return undefined;
    const { manifest } = source;
    const { codeSize, training, metrics, conditionSize = 0 } = manifest;
    const { elbo, kl, 'active-dimensions': active } = metrics;
    const note = html`<p class="note">What the decoder makes of codes drawn from the normal distribution${conditionSize > 0 ? ', the same codes under every condition' : ''}. The evidence lower bound (ELBO) of a test row is ${figure(elbo!)} nats; ${figure(kl!)} of them are the divergence of its code from the prior, in ${active} active dimensions of ${codeSize}.</p>`;
    const draw = (count: number) => sampleCodes({ count, codeSize, seed: training.seed });
    if (conditionSize === 0) {
      const uri = await pictures.ofCodes(draw(SAMPLES), COLUMNS);
      return html`${note}<figure class="mosaic"><img src="${uri}" alt="${SAMPLES} samples."></figure>`;
    }
    const figures: Html[] = [];
    for (const { name, values } of conditionsOf(manifest, conditionSize)) {
      const uri = await pictures.ofCodes(draw(CONDITIONED), 1, repeated(values, CONDITIONED));
      figures.push(
        html`<figure><img src="${uri}" alt="${CONDITIONED} samples: ${name}."><figcaption>${name}</figcaption></figure>`,
      );
    }
    return html`${note}<div class="pairs">${figures}</div>`;
  },
};

interface Given {
  readonly name: string;
  readonly values: Float32Array;
}

/** Every column by itself where they are one-hot, as labels are; otherwise their means. */
function conditionsOf({ features }: Manifest, size: number): Given[] {
  const mean = features.statistics.mean.slice(-size);
  const isOneHot =
    Math.abs(mean.reduce((sum, each) => sum + each, 0) - 1) < 1e-3 &&
    features.statistics.max.slice(-size).every((value) => value === 1 || value === 0);
  if (!isOneHot) return [{ name: 'the mean condition', values: Float32Array.from(mean) }];
  return mean.map((_, column) => ({
    name: features.names?.at(column - size) ?? `condition ${column}`,
    values: Float32Array.from(mean, (_each, i) => (i === column ? 1 : 0)),
  }));
}

function repeated(values: Float32Array, rowCount: number): Matrix {
  const data = new Float32Array(rowCount * values.length);
  for (let row = 0; row < rowCount; row++) data.set(values, row * values.length);
  return { data, rowCount, width: values.length };
}
