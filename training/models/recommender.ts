/**
 * Mult-DAE and Mult-VAE: a multinomial over the items that a user may want next, given their items (Liang et
 * al., 2018).
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { AnyRows } from '../data/batches.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import type { Value, Weights } from '../graph/types.ts';
import { scalar, scheduled } from '../graph/value.ts';
import type { InitializerName } from '../layers/initializers.ts';
import { itemLayer } from '../layers/items.ts';
import { type Context, evaluationContext } from '../layers/layer.ts';
import { meanLoss, RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { keysOf } from '../registry.ts';
import { divergenceMetrics, divergenceOf, gaussianCode, sampled, warmUp } from './gaussianCode.ts';
import { heldOutItems } from './heldOutItems.ts';
import { hiddenSettings } from './hidden.ts';
import { linearStart, MOST_USERS } from './linearStart.ts';
import type { Autoencoder, Variant } from './model.ts';
import { recommendHead } from './recommendHead.ts';
import { similarHead } from './similarHead.ts';
import { denseStack, stackSettings } from './stack.ts';

const { multinomial } = RECONSTRUCTION_LOSSES;

/** Results of the last part of the encoder. */
interface CoderOutput {
  /** `[N, codeSize]`; a sample if the code is variational and in training. */
  readonly code: Value;
  /** Outputs of the encoder graph. */
  readonly outputs: Readonly<Record<string, Value>>;
  /** Divergence from the prior per dimension, `[codeSize]`. */
  readonly divergence?: Value;
}

interface Coder {
  /** Widths of the encoder's layers, outermost first. */
  readonly widths: readonly number[];
  readonly code: (inside: Value, context: Context) => CoderOutput;
}

interface CodeSettings {
  readonly hidden: readonly number[];
  readonly codeSize: number;
  readonly initializer: InitializerName | null;
}

const CODERS = {
  'mult-dae': ({ hidden, codeSize }) => ({
    widths: [...hidden, codeSize],
    code: (inside) => ({ code: inside, outputs: { code: inside } }),
  }),
  'mult-vae': ({ hidden, codeSize, initializer }, seed) => {
    const inputs = hidden.at(-1);
    if (inputs === undefined) {
      throw new InputError(
        "setting 'hidden': expected at least one hidden layer with kind mult-vae, received none",
      );
    }
    const gaussian = gaussianCode({ inputs, codeSize, initializer, seed });
    return {
      widths: hidden,
      code: (inside, context) => {
        const distribution = gaussian(inside, context);
        const { mean, logVariance } = distribution;
        return {
          code: context.training ? sampled(distribution, context) : mean,
          outputs: { mean, log_variance: logVariance },
          divergence: divergenceOf(distribution),
        };
      },
    };
  },
} as const satisfies Record<string, (settings: CodeSettings, seed: number) => Coder>;

const Config = z.strictObject({
  ...hiddenSettings,
  decoderHidden: stackSettings.decoderHidden,
  codeSize: stackSettings.codeSize.unwrap().default(200),
  hidden: stackSettings.hidden.unwrap().default([600]),
  activation: hiddenSettings.activation.unwrap().default('tanh'),
  kind: z
    .enum(keysOf(CODERS))
    .describe('mult-vae has a Gaussian code, mult-dae a deterministic code')
    .default('mult-vae'),
  start: z
    .enum(['linear', 'random'])
    .describe(
      `initial weights: \`linear\` uses EASE for mult-dae without hidden layers and at most ${MOST_USERS} users, and random weights otherwise`,
    )
    .default('linear'),
  itemDropout: z
    .number()
    .min(0)
    .lt(1)
    .describe("share of a user's items that training leaves out")
    .default(0.5),
  beta: z
    .number()
    .min(0)
    .max(1000)
    .describe('mult-vae: weight of the divergence from the prior after the warm-up')
    .default(0.2),
  betaWarmupEpochs: z
    .number()
    .min(0)
    .describe('mult-vae: epochs over which `beta` rises linearly from 0')
    .default(10),
});

/**
 * Returns the weights of EASE, from which training on few users finds better weights than from random ones.
 */
function initialWeights(
  { start, kind, hidden, decoderHidden, codeSize }: z.output<typeof Config>,
  rows: AnyRows,
): Weights | undefined {
  const isLinear = kind === 'mult-dae' && hidden.length + (decoderHidden ?? []).length === 0;
  if (start === 'random' || !isLinear || rows.rowCount > MOST_USERS) return undefined;
  const { encoder, decoder } = linearStart(rows, codeSize);
  return new Map([
    ['encoder/items/weight', encoder],
    ['encoder/items/bias', new Float32Array(codeSize)],
    ['decoder/dense_0/weight', decoder],
    ['decoder/dense_0/bias', new Float32Array(rows.width)],
  ]);
}

export const recommender: Variant<typeof Config> = {
  summary:
    'Mult-VAE or Mult-DAE over the items of users; recommends the items that they are likely to want next',
  config: Config,
  start: initialWeights,
  build: (config, features, seed): Autoencoder => {
    const { codeSize, hidden, decoderHidden, activation, initializer, itemDropout: dropout } = config;
    const coder: Coder = CODERS[config.kind](config, seed);
    const { widths } = coder;
    const first = itemLayer({
      name: 'encoder/items',
      items: features,
      units: widths[0]!,
      activation,
      initializer,
      seed,
      dropout,
    });
    const rest = denseStack({ ...config, name: 'encoder', widths, lastActivation: activation, seed }).layer;
    const { layer: decoder, weights: decoderWeights } = denseStack({
      ...config,
      name: 'decoder',
      widths: [codeSize, ...(decoderHidden ?? hidden.toReversed()), features],
      lastActivation: 'linear',
      seed,
    });
    const beta = scheduled('beta', warmUp(config.beta, config.betaWarmupEpochs));

    const code = (rows: Value, context: Context) =>
      coder.code(rest(first.ofRows(rows, context), context), context);
    const scores = (ids: Value) => {
      const context = evaluationContext();
      return decoder(coder.code(rest(first.ofIds(ids), context), context).code, context);
    };
    return {
      codeSize,
      lossName: 'multinomial',
      targetRange: multinomial.targetRange!,
      encode: (rows) => code(rows, evaluationContext()).code,
      encoderOutputs: (rows) => code(rows, evaluationContext()).outputs,
      decode: (from) => multinomial.reconstruct(decoder(from, evaluationContext())),
      step: (rows, context) => {
        const { given, wanted } = heldOutItems(rows, context);
        const coded = code(given, context);
        const output = decoder(coded.code, context);
        const reconstructionLoss = meanLoss(multinomial, output, wanted);
        const reconstruction = multinomial.reconstruct(output);
        const common = { reconstructionLoss, reconstruction, code: coded.code };
        const { divergence } = coded;
        if (divergence === undefined)
          return { ...common, loss: reconstructionLoss, regularisationLoss: scalar(0) };
        // Evaluation has no warm-up, so that epochs are comparable.
        const weight = context.training ? beta : scalar(config.beta);
        const regularisationLoss = mul(weight, reduceSum(divergence));
        const loss = add(reconstructionLoss, regularisationLoss);
        return { ...common, loss, regularisationLoss, extra: { divergence } };
      },
      heads: {
        recommend: recommendHead(features, scores),
        similar: similarHead(decoderWeights.at(-1)!),
      },
      diagnostics: {
        values: ({ extra = {} }) => extra,
        summarise: ({ divergence }) => (divergence === undefined ? {} : divergenceMetrics(divergence)),
      },
    };
  },
};
