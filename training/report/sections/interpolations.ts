import type { Matrix } from '../../../shared/tensor.ts';
import { codesOf } from '../../evaluate/code.ts';
import type { ReconstructionExample } from '../../evaluate/evidence/evaluation.ts';
import { generatedPictures } from '../codePictures.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

const MAX_PAIRS = 6;
/** Images per pair, both ends included. */
const STEPS = 10;

export const interpolations: Section = {
  title: 'Interpolations between test rows',
  render: async (source) => {
    const { manifest, evaluation, graphs } = source;
    const pictures = generatedPictures(source);
    // The examples of a conditional model lack the condition, so they cannot be encoded.
    if (pictures === undefined || manifest.condition !== undefined) return undefined;
    const ends = pairsOf(evaluation.examples).flat();
    if (ends.length === 0) return undefined;
    const { outputs } = manifest.graphs.encoder;
    const codes = await codesOf({ model: graphs.encoder, outputs }, packed(ends));
    const uri = await pictures.ofCodes(between(codes), STEPS);
    return html`<p class="note">Reconstructions of codes on the straight line between the codes of two test rows, one pair per line.</p>
<figure class="map"><img src="${uri}" alt="${ends.length / 2} interpolations between test rows."></figure>`;
  },
};

/** Pairs of consecutive examples; with different labels if they have labels. */
function pairsOf(
  examples: readonly ReconstructionExample[],
): [ReconstructionExample, ReconstructionExample][] {
  const pairs: [ReconstructionExample, ReconstructionExample][] = [];
  for (let i = 0; i + 1 < examples.length && pairs.length < MAX_PAIRS; i++) {
    const [a, b] = [examples[i]!, examples[i + 1]!];
    if (a.label !== null && a.label === b.label) continue;
    pairs.push([a, b]);
    i++;
  }
  return pairs;
}

function packed(examples: readonly ReconstructionExample[]): Matrix {
  const width = examples[0]!.target.length;
  const data = Float32Array.from(
    examples.flatMap(({ target }) => target.map((value) => value ?? Number.NaN)),
  );
  return { data, rowCount: examples.length, width };
}

/** Codes between rows 2i and 2i + 1, which are the ends of the i-th line. */
function between({ data, rowCount, width }: Matrix): Matrix {
  const lines = rowCount / 2;
  const codes = new Float32Array(lines * STEPS * width);
  for (let line = 0; line < lines; line++) {
    for (let step = 0; step < STEPS; step++) {
      const share = step / (STEPS - 1);
      for (let i = 0; i < width; i++) {
        const [from, to] = [data[2 * line * width + i]!, data[(2 * line + 1) * width + i]!];
        codes[(line * STEPS + step) * width + i] = (1 - share) * from + share * to;
      }
    }
  }
  return { data: codes, rowCount: lines * STEPS, width };
}
