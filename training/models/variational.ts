/** The variational autoencoder: the code is a Gaussian per row, and decoding samples of it (Kingma & Welling, 2014). */
import * as z from 'zod';
import { relu } from '../graph/ops/activations.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar, scheduled } from '../graph/value.ts';
import { evaluationContext } from '../layers/layer.ts';
import { overRows, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { keysOf } from '../registry.ts';
import { divergenceMetrics, divergenceOf, gaussianCode, sampled, warmUp } from './gaussianCode.ts';
import type { Autoencoder, Variant } from './model.ts';
import { denseDecoder, denseStack, stackSettings } from './stack.ts';

/** Log-likelihoods of a row given its code, without their constants' gradients: nats per value, to be summed over the row. */
const LIKELIHOODS = {
  bernoulli: RECONSTRUCTION_LOSSES['binary-cross-entropy'],
  /** Gaussian of unit variance: half the squared error plus half of log 2 pi. */
  gaussian: {
    targetRange: undefined,
    reconstruct: (output: Value) => output,
    elements: (output: Value, target: Value) =>
      add(mul(scalar(0.5), square(sub(output, target))), scalar(0.5 * Math.log(2 * Math.PI))),
  },
} as const;

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
});

export const variational: Variant<typeof Config> = {
  config: Config,
  build: (config, features, seed): Autoencoder => {
    const { codeSize, hidden, activation } = config;
    const { reconstruct, elements, targetRange } = LIKELIHOODS[config.likelihood];
    const inner = hidden.at(-1) ?? features;
    const trunk = denseStack({
      name: 'encoder',
      widths: [features, ...hidden],
      activation,
      lastActivation: activation,
      seed,
    }).layer;
    const gaussian = gaussianCode({ inputs: inner, codeSize, seed });
    const decoder = denseDecoder(config, { features, seed });
    const beta = scheduled('beta', warmUp(config.beta, config.betaWarmupEpochs));

    const encodeBoth = (rows: Value) => {
      const context = evaluationContext();
      const { mean, logVariance } = gaussian(trunk(rows, context), context);
      return { mean, log_variance: logVariance };
    };
    return {
      codeSize,
      lossName: 'negative-log-likelihood',
      ...(targetRange === undefined ? {} : { targetRange }),
      encode: (rows) => encodeBoth(rows).mean,
      encoderOutputs: encodeBoth,
      decode: (code) => reconstruct(decoder(code, evaluationContext())),
      step: (rows, context) => {
        const distribution = gaussian(trunk(rows, context), context);
        const code = sampled(distribution, context);
        const output = decoder(code, context);
        const reconstructionLoss = overRows(elements(output, rows));
        const perDimension = divergenceOf(distribution);
        const divergence = reduceSum(perDimension);
        // Evaluation is the ELBO itself: beta and free bits belong to training.
        const floor = scalar(config.freeBits);
        const pushed =
          config.freeBits === 0 ? divergence : reduceSum(add(relu(sub(perDimension, floor)), floor));
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
          const metrics = divergenceMetrics(divergence!);
          return { elbo: -(reconstruction![0]! + metrics.kl), ...metrics };
        },
      },
    };
  },
};
