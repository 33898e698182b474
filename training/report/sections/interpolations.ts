import type { Matrix } from '../../../shared/tensor.ts';
import { codesOf } from '../../evaluate/code.ts';
import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { generatedPictures } from '../decoded.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

type Example = Evaluation['examples'][number];

const MAX_PAIRS = 6;
/** Pictures from one row to the other, both included. */
const STEPS = 10;

export const interpolations: Section = {
  title: 'From one test row to another',
  render: async (source) => {
    const { manifest, evaluation, graphs } = source;
    const pictures = generatedPictures(source);
    // Rows that are more than what is reconstructed of them are not among the examples as a whole.
    if (pictures === undefined || manifest.condition !== undefined) return undefined;
    const ends = pairsOf(evaluation.examples).flat();
    if (ends.length === 0) return undefined;
    const { outputs } = manifest.graphs.encoder;
    const codes = await codesOf({ model: graphs.encoder, outputs }, packed(ends));
    const uri = await pictures.ofCodes(between(codes), STEPS);
    return html`<p class="note">What is decoded from the codes on the straight line between those of two test rows, from left to right.</p>
<figure class="map"><img src="${uri}" alt="${ends.length / 2} interpolations between test rows."></figure>`;
  },
};

/** Neighbours among the examples, of different labels where they have labels. */
function pairsOf(examples: readonly Example[]): [Example, Example][] {
  const pairs: [Example, Example][] = [];
  for (let i = 0; i + 1 < examples.length && pairs.length < MAX_PAIRS; i++) {
    const [a, b] = [examples[i]!, examples[i + 1]!];
    if (a.label !== null && a.label === b.label) continue;
    pairs.push([a, b]);
    i++;
  }
  return pairs;
}

function packed(examples: readonly Example[]): Matrix {
  const width = examples[0]!.target.length;
  const data = Float32Array.from(
    examples.flatMap(({ target }) => target.map((value) => value ?? Number.NaN)),
  );
  return { data, rowCount: examples.length, width };
}

/** Rows 2 i and 2 i + 1 are the ends of the i-th line. */
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
