/**
 * A map of vectors, such as embeddings of texts, to fewer dimensions, in which the nearest ones by cosine similarity
 * stay the nearest.
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { AnyRows } from '../data/batches.ts';
import { relu } from '../graph/ops/activations.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { pad } from '../graph/ops/pad.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { toInt64 } from '../graph/ops/shape.ts';
import type { Value, Variable, Weights } from '../graph/types.ts';
import { constant, scalar, variable } from '../graph/value.ts';
import { initialWeight } from '../layers/initializers.ts';
import type { Context } from '../layers/layer.ts';
import { directions } from '../objectives/directions.ts';
import { neighbourDivergence, neighbourLogits } from '../objectives/neighbours.ts';
import { meanLoss, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import type { Autoencoder, StartTools, Variant } from './model.ts';
import { stackSettings } from './stack.ts';

const Config = z.strictObject({
  codeSize: stackSettings.codeSize.unwrap().default(64),
  residualSize: z
    .number()
    .int()
    .min(0)
    .max(65_536)
    .describe('hidden ReLU units whose output is added to the linear projection; 0: the projection alone')
    .default(512),
  prefixes: z
    .array(z.number().int().min(1))
    .max(16)
    .describe('numbers of leading values that are trained to be codes of their own (Matryoshka)')
    .default([]),
  temperature: z
    .number()
    .gt(0)
    .max(10)
    .describe('by which cosine similarities are divided: the lower, the more only the nearest count')
    .default(0.05),
  neighbourWeight: z
    .number()
    .min(0)
    .max(1000)
    .describe('weight of the divergence between the neighbours of rows and those of their codes')
    .default(10),
});

type Settings = z.output<typeof Config>;

const { mse } = RECONSTRUCTION_LOSSES;

/** Weights of the whole code and of the prefix of a batch. */
const SHARES = [0.4, 0.6];

/**
 * The weights, `[inputs, outputs]`. The residual starts at 0, so that the model starts as a projection. There are no
 * biases: a row of twice the length has a code of twice the length, and the direction of a code depends on that of its
 * row alone.
 */
function weightsOf({ codeSize, residualSize: hidden }: Settings, features: number, seed: number) {
  const glorot = (name: string, inputs: number, outputs: number): Variable =>
    initialWeight(name, [inputs, outputs], {
      ...{ fanIn: inputs, fanOut: outputs, seed },
      initializer: 'glorot',
    });
  return {
    projection: glorot('encoder/projection', features, codeSize),
    ...(hidden > 0 && {
      residual: {
        hidden: glorot('encoder/hidden', features, hidden),
        output: variable('encoder/residual', [hidden, codeSize], new Float32Array(hidden * codeSize)),
      },
    }),
    decoder: glorot('decoder/projection', codeSize, features),
  };
}

/** Returns the singular vectors of the rows as the projection, and their transpose as the decoder. */
async function singularStart(
  { codeSize }: Settings,
  rows: AnyRows,
  { singularVectors }: StartTools,
): Promise<Weights> {
  const vectors = await singularVectors(rows, codeSize);
  const transposed = vectors.map((_, i) => {
    const [unit, feature] = [Math.floor(i / rows.width), i % rows.width];
    return vectors[feature * codeSize + unit]!;
  });
  return new Map([
    ['encoder/projection', vectors],
    ['decoder/projection', transposed],
  ]);
}

export const similarityPreserving: Variant<typeof Config> = {
  summary: 'fewer dimensions in which rows keep their nearest neighbours by cosine similarity',
  config: Config,
  start: singularStart,
  build: (config, features, seed): Autoencoder => {
    const { codeSize, prefixes, temperature, neighbourWeight } = config;
    requireNarrow(config, features);
    const { projection, residual, decoder } = weightsOf(config, features, seed);
    const encode = (rows: Value) => {
      const projected = gemm(rows, projection);
      if (residual === undefined) return projected;
      return add(projected, gemm(relu(gemm(rows, residual.hidden)), residual.output));
    };
    const decode = (code: Value) => gemm(code, decoder);
    const dimensions = [...new Set([...prefixes, codeSize])].sort((a, b) => a - b);
    return {
      codeSize,
      lossName: 'normalized-mse',
      encode,
      decode,
      searched: { dimensions },
      step: (given, context) => {
        const rows = directions(given);
        const code = encode(rows);
        const reconstruction = decode(code);
        const reconstructionLoss = meanLoss({ ...mse, row: 'sum' }, reconstruction, rows);
        const target = neighbourLogits(rows, temperature);
        const divergence = (of: Value) => neighbourDivergence(target, neighbourLogits(of, temperature));
        const shorter = dimensions.slice(0, -1);
        const balanced =
          context.training && shorter.length > 0
            ? powerMean([divergence(code), divergence(oneOf(shorter, code, context))], SHARES)
            : powerMean(dimensions.map((each) => divergence(leading(code, each))));
        const regularisationLoss = mul(scalar(neighbourWeight), balanced);
        const loss = add(reconstructionLoss, regularisationLoss);
        return { loss, reconstructionLoss, regularisationLoss, reconstruction, code };
      },
    };
  },
};

/** Keeps the gradient of a root finite where the divergence is 0, as in a batch of one row. */
const EPSILON = 1e-12;

/**
 * The power mean of order 1/2, which is the divergence itself if there is one. In the plain mean, short prefixes, whose
 * divergence is much larger, would leave the whole code little say.
 * @param weights Weights of the divergences, which add up to 1; equal by default.
 */
function powerMean(
  divergences: readonly Value[],
  weights: readonly number[] = divergences.map(() => 1 / divergences.length),
): Value {
  if (divergences.length === 1) return divergences[0]!;
  const roots = divergences.map((each, i) => mul(sqrt(add(each, scalar(EPSILON))), scalar(weights[i]!)));
  return square(roots.reduce(add));
}

/**
 * Sets all values of a code `[N, codeSize]` but the first ones to 0, as many as one of `counts`, which is drawn for the
 * batch: the whole code is taught in every batch, and a batch costs as much with many prefixes as with one.
 */
function oneOf(counts: readonly number[], code: Value, context: Context): Value {
  const width = code.shape[1] as number;
  const kept = counts.flatMap((count) => Array.from({ length: width }, (_, i) => (i < count ? 1 : 0)));
  const masks = constant({ dtype: 'float32', shape: [counts.length, width], data: Float32Array.from(kept) });
  // Uniform numbers are below 1.
  const drawn = toInt64(mul(context.noise('prefix', [1], 'uniform'), scalar(counts.length)));
  return mul(code, gather(masks, drawn, 0));
}

/** The first `count` values of each code `[N, codeSize]`. */
function leading(code: Value, count: number): Value {
  return pad(code, [0, 0, 0, count - (code.shape[1] as number)]);
}

function requireNarrow({ codeSize, prefixes }: Settings, features: number): void {
  if (codeSize > features) {
    throw new InputError(
      `setting 'codeSize': expected at most the ${features} values of a row, received ${codeSize}`,
    );
  }
  const wide = prefixes.find((each) => each >= codeSize);
  if (wide !== undefined) {
    throw new InputError(
      `setting 'prefixes': expected numbers below codeSize (${codeSize}), received ${wide}`,
    );
  }
}
