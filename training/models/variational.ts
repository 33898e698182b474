/**
 * The variational autoencoder: a Gaussian code per row, of which a sample is decoded (Kingma & Welling,
 * 2014).
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar, scheduled } from '../graph/value.ts';
import { evaluationContext } from '../layers/layer.ts';
import { CODE_DIVERGENCES, type CodeBatch, type CodeDivergence } from '../objectives/codeDivergences.ts';
import { meanLoss, RECONSTRUCTION_LOSSES, type ReconstructionLoss } from '../objectives/reconstruction.ts';
import { filled, valueWeights } from '../objectives/weighting.ts';
import { keysOf } from '../registry.ts';
import { conditioning } from './conditioning.ts';
import { divergenceMetrics, divergenceOf, gaussianCode, sampled, warmUp } from './gaussianCode.ts';
import type { Autoencoder, Variant } from './model.ts';
import { encoderTrunk, stackDecoder, stackSettings } from './stack.ts';

/** Negative log-likelihoods of the values of a row given its code, in nats. */
const LIKELIHOODS = {
  bernoulli: { ...RECONSTRUCTION_LOSSES['binary-cross-entropy'], row: 'sum' },
  /** Gaussian with unit variance: half the squared error plus half of log(2 pi). */
  gaussian: {
    row: 'sum',
    reconstruct: (output: Value) => output,
    elements: (output: Value, target: Value) =>
      add(mul(scalar(0.5), square(sub(output, target))), scalar(0.5 * Math.log(2 * Math.PI))),
  },
} as const satisfies Record<string, Omit<ReconstructionLoss, 'summary'>>;

const Config = z.strictObject({
  ...stackSettings,
  codeSize: stackSettings.codeSize.unwrap().default(20),
  hidden: stackSettings.hidden.unwrap().default([400]),
  likelihood: z
    .enum(keysOf(LIKELIHOODS))
    .describe('distribution of values given the code; bernoulli is for values in [0, 1]')
    .default('bernoulli'),
  divergence: z
    .enum(['kl', ...keysOf(CODE_DIVERGENCES)])
    .describe(
      'what keeps codes close to the prior: their KL divergence, the same with a weight for total correlation (`beta-tc`), or the maximum mean discrepancy (`wae-mmd`)',
    )
    .default('kl'),
  /** Higgins et al., 2017. */
  beta: z
    .number()
    .min(0)
    .max(1000)
    .describe('weight of the divergence from the prior, for beta-tc of total correlation; 1 is the ELBO')
    .default(1),
  betaWarmupEpochs: z.number().min(0).describe('epochs over which `beta` rises linearly from 0').default(0),
  /** Kingma et al., 2016. */
  freeBits: z
    .number()
    .min(0)
    .max(10)
    .describe('divergence per dimension, in nats, below which training does not reduce it; kl only')
    .default(0),
  /** Sohn et al., 2015. */
  conditionSize: z
    .number()
    .int()
    .min(0)
    .max(65_536)
    .describe('number of columns at the end of every row that are a condition, such as a one-hot label')
    .default(0),
});

export const variational: Variant<typeof Config> = {
  summary: 'a Gaussian code that can be sampled; reports the ELBO, KL divergence and active dimensions',
  config: Config,
  build: (config, features, seed, rowShape): Autoencoder => {
    const { codeSize, initializer } = config;
    const likelihood: Omit<ReconstructionLoss, 'summary'> = LIKELIHOODS[config.likelihood];
    const { reconstruct, targetRange } = likelihood;
    requireUnconditionedImages(config);
    requireKlForFreeBits(config);
    const estimated: CodeDivergence | undefined =
      config.divergence === 'kl' ? undefined : CODE_DIVERGENCES[config.divergence];
    const rowOptions = { features, rowShape, seed };
    const { layer: trunk, width: inputs } = encoderTrunk(config, rowOptions);
    const gaussian = gaussianCode({ inputs, codeSize, initializer, seed });
    const { width, target, given, joined, parts } = conditioning(features, config);
    const decoder = stackDecoder(
      { ...config, codeSize: codeSize + config.conditionSize },
      { ...rowOptions, features: width },
    );
    const beta = scheduled('beta', warmUp(config.beta, config.betaWarmupEpochs));

    const encodeBoth = (rows: Value) => {
      const context = evaluationContext();
      const { mean, logVariance } = gaussian(trunk(filled(rows, config), context), context);
      return { mean, log_variance: logVariance };
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
        const distribution = gaussian(trunk(seen, context), context);
        const code = sampled(distribution, context);
        const output = decoder(joined(code, given(rows)), context);
        const weights = valueWeights(target(rows), config);
        const reconstructionLoss = meanLoss(likelihood, output, target(seen), weights);
        const perDimension = divergenceOf(distribution);
        const divergence = reduceSum(perDimension);
        const { freeBits } = config;
        const batch: CodeBatch = {
          ...{ mean: distribution.mean, logVariance: distribution.logVariance, code, kl: divergence },
          prior: () => context.noise('prior', code.shape, 'normal'),
        };
        const measured = estimated?.measure(batch);
        const pushed = freeBits === 0 ? divergence : reduceSum(clip(perDimension, { min: freeBits }));
        // Evaluation has no warm-up, so that epochs are comparable. It computes the negative ELBO for kl: beta and free bits
        // apply only to training.
        const weight = context.training ? beta : scalar(config.beta);
        const ofKl = context.training ? mul(beta, pushed) : divergence;
        const regularisationLoss = measured ? estimated!.penalty(measured, weight, batch) : ofKl;
        return {
          loss: add(reconstructionLoss, regularisationLoss),
          reconstructionLoss,
          regularisationLoss,
          reconstruction: reconstruct(output),
          code,
          extra: { divergence: perDimension, ...(measured && { measured }) },
        };
      },
      diagnostics: {
        values: ({ reconstructionLoss, extra }) => ({
          reconstruction: reconstructionLoss,
          ...extra!,
        }),
        summarise: ({ reconstruction, divergence, measured }) => {
          const metrics = divergenceMetrics(divergence!);
          const own = measured && { [estimated!.metric]: measured[0]! };
          return { elbo: -(reconstruction![0]! + metrics.kl), ...metrics, ...own };
        },
      },
    };
  },
};

function requireKlForFreeBits({ divergence, freeBits }: z.output<typeof Config>): void {
  if (divergence === 'kl' || freeBits === 0) return;
  throw new InputError(
    `setting 'freeBits': expected 0 with divergence ${divergence}, received ${freeBits}; only divergence=kl is limited per dimension`,
  );
}

function requireUnconditionedImages({ conditionSize, filters }: z.output<typeof Config>): void {
  if (conditionSize === 0 || filters.length === 0) return;
  throw new InputError(
    "settings 'conditionSize' and 'filters' exclude each other: the columns of a condition are not part of an image; leave one out",
  );
}
