/** The variational autoencoder: the code is a Gaussian per row, and decoding samples of it (Kingma & Welling, 2014). */
import * as z from 'zod';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { square } from '../graph/ops/powers.ts';
import type { Progress, Value } from '../graph/types.ts';
import { scalar, scheduled } from '../graph/value.ts';
import { dense } from '../layers/dense.ts';
import { evaluationContext } from '../layers/layer.ts';
import { gaussianDivergence } from '../objectives/penalties.ts';
import { meanLoss, RECONSTRUCTION_LOSSES, type ReconstructionLoss } from '../objectives/reconstruction.ts';
import { filled, valueWeights } from '../objectives/weighting.ts';
import { keysOf } from '../registry.ts';
import { conditioning } from './conditioning.ts';
import type { Autoencoder, Variant } from './model.ts';
import { encoderTrunk, stackDecoder, stackSettings } from './stack.ts';

/** Log-likelihoods of a row given its code, without their constants' gradients: nats per value, to be summed over the row. */
const LIKELIHOODS = {
  bernoulli: { ...RECONSTRUCTION_LOSSES['binary-cross-entropy'], row: 'sum' },
  /** Gaussian of unit variance: half the squared error plus half of log 2 pi. */
  gaussian: {
    row: 'sum',
    reconstruct: (output: Value) => output,
    elements: (output: Value, target: Value) =>
      add(mul(scalar(0.5), square(sub(output, target))), scalar(0.5 * Math.log(2 * Math.PI))),
  },
} as const satisfies Record<string, ReconstructionLoss>;

/** A dimension is active where its divergence from the prior exceeds this many nats (Burda et al., 2016, use a like rule). */
const ACTIVE_NATS = 0.01;

const Config = z.strictObject({
  ...stackSettings,
  codeSize: stackSettings.codeSize.unwrap().default(20),
  hidden: stackSettings.hidden.unwrap().default([400]),
  likelihood: z.enum(keysOf(LIKELIHOODS)).default('bernoulli'),
  /** What the divergence from the prior counts for (beta-VAE, Higgins et al., 2017); 1 is the ELBO. */
  beta: z.number().min(0).max(1000).default(1),
  /** Epochs over which beta rises linearly from 0. */
  betaWarmupEpochs: z.number().min(0).default(0),
  /** Nats per dimension that the divergence is not pushed below (Kingma et al., 2016). */
  freeBits: z.number().min(0).max(10).default(0),
  /** Columns at the end of every row that are a condition, such as a one-hot label (Sohn et al., 2015). */
  conditionSize: z.number().int().min(0).max(65_536).default(0),
});

export const variational: Variant<typeof Config> = {
  config: Config,
  build: (config, features, seed, rowShape): Autoencoder => {
    const { codeSize, initializer } = config;
    const likelihood: ReconstructionLoss = LIKELIHOODS[config.likelihood];
    const { reconstruct, targetRange } = likelihood;
    const rowOptions = { features, rowShape, seed };
    const { layer: trunk, width: inputs } = encoderTrunk(config, rowOptions);
    const head = (name: string) =>
      dense({ name: `encoder/${name}`, inputs, units: codeSize, activation: 'linear', initializer, seed })
        .layer;
    const [meanHead, logVarianceHead] = [head('mean'), head('log_variance')];
    const { width, target, given, joined, parts } = conditioning(features, config);
    const decoder = stackDecoder(
      { ...config, codeSize: codeSize + config.conditionSize },
      { ...rowOptions, features: width },
    );
    const beta = scheduled('beta', warmUp(config.beta, config.betaWarmupEpochs));

    const encodeBoth = (rows: Value) => {
      const context = evaluationContext();
      const inside = trunk(filled(rows, config), context);
      return { mean: meanHead(inside, context), log_variance: logVarianceHead(inside, context) };
    };
    return {
      codeSize,
      lossName: 'negative-log-likelihood',
      ...(targetRange === undefined ? {} : { targetRange }),
      missing: config.missing === 'mask',
      encode: (rows) => encodeBoth(rows).mean,
      encoderOutputs: encodeBoth,
      ...parts,
      decode: (code, condition) => reconstruct(decoder(joined(code, condition), evaluationContext())),
      step: (rows, context) => {
        const seen = filled(rows, config);
        const inside = trunk(seen, context);
        const mean = meanHead(inside, context);
        const logVariance = logVarianceHead(inside, context);
        const deviation = exp(mul(scalar(0.5), logVariance));
        const code = add(mean, mul(deviation, context.noise('epsilon', mean.shape, 'normal')));
        const output = decoder(joined(code, given(rows)), context);
        const weights = valueWeights(target(rows), config);
        const reconstructionLoss = meanLoss(likelihood, output, target(seen), weights);
        const perDimension = gaussianDivergence(mean, logVariance, square(deviation));
        const divergence = reduceSum(perDimension);
        // Evaluation is the ELBO itself: beta and free bits belong to training.
        const { freeBits } = config;
        const pushed = freeBits === 0 ? divergence : reduceSum(clip(perDimension, { min: freeBits }));
        const regularisationLoss = context.training ? mul(beta, pushed) : divergence;
        return {
          loss: add(reconstructionLoss, regularisationLoss),
          reconstructionLoss,
          regularisationLoss,
          reconstruction: reconstruct(output),
          code,
          extra: { divergence: perDimension },
        };
      },
      diagnostics: {
        values: ({ reconstructionLoss, extra }) => ({
          reconstruction: reconstructionLoss,
          divergence: extra!.divergence!,
        }),
        summarise: ({ reconstruction, divergence }) => {
          const kl = divergence!.reduce((sum, nats) => sum + nats, 0);
          return {
            elbo: -(reconstruction![0]! + kl),
            kl,
            'active-dimensions': divergence!.filter((nats) => nats > ACTIVE_NATS).length,
          };
        },
      },
    };
  },
};

/** Linear from 0 to `beta` over the given epochs, `beta` from then on. */
function warmUp(beta: number, epochs: number): (progress: Progress) => number {
  return ({ step, stepsPerEpoch }) => beta * Math.min(1, epochs === 0 ? 1 : step / (epochs * stepsPerEpoch));
}
