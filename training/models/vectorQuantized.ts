/**
 * The vector-quantized autoencoder: a code of entries of learned codebooks (van den Oord et al., 2017; Lee et al., 2022).
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { stopGradient } from '../graph/ops/identity.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { evaluationContext } from '../layers/layer.ts';
import { meanLoss, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { filled, valueWeights } from '../objectives/weighting.ts';
import { residualCodebooks } from './codebook.ts';
import type { Autoencoder, Diagnostics, Variant } from './model.ts';
import { encoderDecoder, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  ...stackSettings,
  codeSize: stackSettings.codeSize.unwrap().default(64),
  loss,
  embeddingSize: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .describe('width of a codebook entry; must divide `codeSize`')
    .default(4),
  codebookSize: z.number().int().min(2).max(65_536).describe('number of codebook entries').default(256),
  commitmentWeight: z
    .number()
    .min(0)
    .max(1000)
    .describe("weight of the distance of the encoder's output from its codebook entries")
    .default(0.25),
  codebookDecay: z
    .number()
    .min(0)
    .lt(1)
    .describe("share of an entry's running mean that a step keeps")
    .default(0.99),
  /** Lee et al., 2022. */
  levels: z
    .number()
    .int()
    .min(1)
    .max(16)
    .describe('number of codebooks, each of which quantizes what the ones before have left')
    .default(1),
});

export const vectorQuantized: Variant<typeof Config> = {
  summary: 'a code of entries of a learned codebook; reports the use of the entries',
  config: Config,
  build: (config, features, seed, rowShape): Autoencoder => {
    const { codeSize, loss, embeddingSize } = config;
    if (codeSize % embeddingSize !== 0) {
      throw new InputError(
        `setting 'codeSize': expected a multiple of the embeddingSize ${embeddingSize}, received ${codeSize}`,
      );
    }
    const objective = RECONSTRUCTION_LOSSES[loss];
    const { encoder, decoder } = encoderDecoder(config, {
      features,
      rowShape,
      seed,
      codeActivation: 'linear',
    });
    const quantize = residualCodebooks(config);
    const encode = (rows: Value) => quantize(encoder(filled(rows, config), evaluationContext()));
    return {
      codeSize,
      lossName: loss,
      ...(objective.targetRange === undefined ? {} : { targetRange: objective.targetRange }),
      missing: config.missing === 'mask',
      encode: (rows) => encode(rows).code,
      encoderOutputs: (rows) => {
        const { code, indices } = encode(rows);
        return { code, indices };
      },
      scores: (rows) => encode(rows).scores,
      decode: (code) => objective.reconstruct(decoder(code, evaluationContext())),
      step: (rows, context) => {
        const target = filled(rows, config);
        const encoded = encoder(target, context);
        const { code, partial, used } = quantize(encoded, context);
        // Straight-through estimator: the decoder receives the code, and its gradient passes to the encoder
        // unchanged.
        const output = decoder(add(encoded, stopGradient(sub(code, encoded))), context);
        const reconstructionLoss = meanLoss(objective, output, target, valueWeights(rows, config));
        const distances = partial.map((each) => reduceMean(square(sub(encoded, stopGradient(each)))));
        const regularisationLoss = mul(scalar(config.commitmentWeight), distances.reduce(add));
        return {
          loss: add(reconstructionLoss, regularisationLoss),
          reconstructionLoss,
          regularisationLoss,
          reconstruction: objective.reconstruct(output),
          code,
          extra: Object.fromEntries(used.map((each, level) => [`used_${level}`, reduceMean(each, [0])])),
        };
      },
      diagnostics: usage,
    };
  },
};

/**
 * Use of the entries on the test rows, as means over the levels: perplexity, the exponential of the entropy of their use,
 * and the share of used entries.
 */
const usage: Diagnostics = {
  values: ({ extra }) => extra!,
  summarise: ({ loss: _, ...used }) => {
    const levels = Object.values(used);
    const meanOf = (measure: (shares: Float32Array) => number) =>
      levels.reduce((sum, shares) => sum + measure(shares), 0) / levels.length;
    const entropy = (shares: Float32Array) =>
      shares.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
    return {
      'codebook-perplexity': meanOf((shares) => Math.exp(entropy(shares))),
      'codebook-usage': meanOf((shares) => shares.filter((share) => share > 0).length / shares.length),
    };
  },
};
