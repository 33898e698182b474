/** The variational autoencoder: the code is a Gaussian per row, and decoding samples of it (Kingma & Welling, 2014). */
import * as z from 'zod';
import { relu } from '../graph/ops/activations.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { square } from '../graph/ops/powers.ts';
import type { Progress, Value } from '../graph/types.ts';
import { scalar, scheduled } from '../graph/value.ts';
import { dense } from '../layers/dense.ts';
import { evaluationContext } from '../layers/layer.ts';
import { gaussianDivergence } from '../objectives/penalties.ts';
import { overRows, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { keysOf } from '../registry.ts';
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

/** A dimension is active where its divergence from the prior exceeds this many nats (Burda et al., 2016, use a like rule). */
const ACTIVE_NATS = 0.01;

const Config = z.strictObject({
  ...stackSettings,
  codeSize: stackSettings.codeSize.unwrap().default(20),
  hidden: stackSettings.hidden.unwrap().default([400]),
  likelihood: z
    .enum(keysOf(LIKELIHOODS))
    .describe('of a value given the code: bernoulli for values in [0, 1]')
    .default('bernoulli'),
  /** Higgins et al., 2017. */
  beta: z.number().min(0).max(1000).describe('of the divergence from the prior; 1 is the ELBO').default(1),
  betaWarmupEpochs: z.number().min(0).describe('epochs over which `beta` rises linearly from 0').default(0),
  /** Kingma et al., 2016. */
  freeBits: z
    .number()
    .min(0)
    .max(10)
    .describe('nats per dimension that the divergence is not pushed below')
    .default(0),
});

export const variational: Variant<typeof Config> = {
  summary: 'the code is a Gaussian that can be sampled; reports the ELBO, KL and active dimensions',
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
    const head = (name: string) =>
      dense({ name: `encoder/${name}`, inputs: inner, units: codeSize, activation: 'linear', seed }).layer;
    const [meanHead, logVarianceHead] = [head('mean'), head('log_variance')];
    const decoder = denseDecoder(config, { features, seed });
    const beta = scheduled('beta', warmUp(config.beta, config.betaWarmupEpochs));

    const encodeBoth = (rows: Value) => {
      const context = evaluationContext();
      const inside = trunk(rows, context);
      return { mean: meanHead(inside, context), log_variance: logVarianceHead(inside, context) };
    };
    return {
      codeSize,
      lossName: 'negative-log-likelihood',
      ...(targetRange === undefined ? {} : { targetRange }),
      encode: (rows) => encodeBoth(rows).mean,
      encoderOutputs: encodeBoth,
      decode: (code) => reconstruct(decoder(code, evaluationContext())),
      step: (rows, context) => {
        const inside = trunk(rows, context);
        const mean = meanHead(inside, context);
        const logVariance = logVarianceHead(inside, context);
        const deviation = exp(mul(scalar(0.5), logVariance));
        const code = add(mean, mul(deviation, context.noise('epsilon', mean.shape, 'normal')));
        const output = decoder(code, context);
        const reconstructionLoss = overRows(elements(output, rows));
        const perDimension = gaussianDivergence(mean, logVariance, square(deviation));
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
