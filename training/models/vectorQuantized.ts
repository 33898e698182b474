/** The vector-quantized autoencoder: a code of entries of a learned codebook (van den Oord et al., 2017). */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { argMax } from '../graph/ops/argMax.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { stopGradient } from '../graph/ops/identity.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { oneHot } from '../graph/ops/oneHot.ts';
import { square } from '../graph/ops/powers.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { elementCount, toFloat32, toInt64 } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { step } from '../graph/ops/step.ts';
import type { Value } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import { type Context, evaluationContext } from '../layers/layer.ts';
import { meanLoss, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { filled, valueWeights } from '../objectives/weighting.ts';
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
});
type Config = z.output<typeof Config>;

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
    const codebook = codebookOf(config);
    const encode = (rows: Value) => codebook.nearest(encoder(filled(rows, config), evaluationContext()));
    return {
      codeSize,
      lossName: loss,
      ...(objective.targetRange === undefined ? {} : { targetRange: objective.targetRange }),
      missing: config.missing === 'mask',
      encode: (rows) => encode(rows).code,
      encoderOutputs: (rows) => {
        const { code, indices } = encode(rows);
        return { code, indices: reshape(toFloat32(indices), [-1, codeSize / embeddingSize]) };
      },
      scores: (rows) => encode(rows).scores,
      decode: (code) => objective.reconstruct(decoder(code, evaluationContext())),
      step: (rows, context) => {
        const target = filled(rows, config);
        const encoded = encoder(target, context);
        const { code, indices } = codebook.nearest(encoded);
        const used = oneHot(indices, config.codebookSize);
        codebook.learn(encoded, used, context);
        // Straight-through estimator: the decoder receives the code, and its gradient passes to the encoder
        // unchanged.
        const output = decoder(add(encoded, stopGradient(sub(code, encoded))), context);
        const reconstructionLoss = meanLoss(objective, output, target, valueWeights(rows, config));
        const distance = reduceMean(square(sub(encoded, stopGradient(code))));
        const regularisationLoss = mul(scalar(config.commitmentWeight), distance);
        return {
          loss: add(reconstructionLoss, regularisationLoss),
          reconstructionLoss,
          regularisationLoss,
          reconstruction: objective.reconstruct(output),
          code,
          extra: { used: reduceMean(used, [0]) },
        };
      },
      diagnostics: usage,
    };
  },
};

/** Entries that are chosen less often than this share of the mean frequency are restarted. */
const DEAD_SHARE = 0.1;

/**
 * Creates the codebook. Entries are running means of the vectors that chose them (appendix A.1 of the paper),
 * which is faster than gradients and needs no learning rate. Rarely chosen entries are replaced with random
 * vectors of the batch (Dhariwal et al., 2020, "random restarts"). The first step replaces nearly all, so
 * that they match the encoder's output.
 */
function codebookOf({ codebookSize, embeddingSize, codeSize, codebookDecay }: Config) {
  const state = (name: string, shape: readonly number[]) =>
    variable(`codebook/${name}`, shape, new Float32Array(shape.reduce((size, each) => size * each)));
  const entries = state('entries', [codebookSize, embeddingSize]);
  /**
   * Running means over the vectors of a batch, per entry: 1 if a vector chose it, and that vector; otherwise
   * 0.
   */
  const shares = state('shares', [codebookSize]);
  const sums = state('sums', [codebookSize, embeddingSize]);
  const vectorsOf = (encoded: Value) => reshape(encoded, [-1, embeddingSize]);
  return {
    /**
     * Finds the entry nearest to each vector of `encoded [N, codeSize]`: the code, int64 indices, and scores
     * of all entries.
     */
    nearest: (encoded: Value) => {
      // |v - e|^2 = |v|^2 - 2 (v e - |e|^2 / 2), so the nearest entry maximises v e - |e|^2 / 2.
      const bias = mul(scalar(-0.5), reduceSum(square(entries), [1]));
      const scores = gemm(vectorsOf(encoded), entries, { transB: true, bias });
      const indices = argMax(scores, 1);
      return { code: reshape(gather(entries, indices, 0), [-1, codeSize]), indices, scores };
    },
    /** Updates the codebook from `encoded` and the one-hot choices `used [vectors, codebookSize]`. */
    learn: (encoded: Value, used: Value, context: Context) => {
      const vectors = vectorsOf(encoded);
      const count = elementCount(reduceSum(vectors, [1]));
      const running = (mean: Value, next: Value) =>
        add(mul(scalar(codebookDecay), mean), mul(scalar(1 - codebookDecay), next));
      const nextShares = running(shares, reduceMean(used, [0]));
      const nextSums = running(sums, div(gemm(used, vectors, { transA: true }), count));
      const mean = 1 / codebookSize;
      const dead = step(sub(scalar(DEAD_SHARE * mean), nextShares));
      const picks = toInt64(mul(context.noise('restarts', [codebookSize], 'uniform'), count));
      const restarted = mul(scalar(mean), gather(vectors, picks, 0));
      const keptShares = add(nextShares, mul(dead, sub(scalar(mean), nextShares)));
      const keptSums = add(nextSums, mul(unsqueeze(dead, [1]), sub(restarted, nextSums)));
      context.update(shares, keptShares);
      context.update(sums, keptSums);
      context.update(entries, div(keptSums, unsqueeze(keptShares, [1])));
    },
  };
}

/**
 * Use of the entries on the test rows: perplexity, the exponential of the entropy of their use, and the share
 * of used entries.
 */
const usage: Diagnostics = {
  values: ({ extra }) => ({ used: extra!.used! }),
  summarise: ({ used }) => {
    const shares = used!.filter((share) => share > 0);
    return {
      'codebook-perplexity': Math.exp(shares.reduce((entropy, p) => entropy - p * Math.log(p), 0)),
      'codebook-usage': shares.length / used!.length,
    };
  },
};
