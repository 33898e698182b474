/** The undercomplete autoencoder: a dense encoder to a code smaller than the input, and its mirror image back. */
import * as z from 'zod';
import { scalar } from '../graph/value.ts';
import type { Activation } from '../layers/activations.ts';
import { ACTIVATIONS } from '../layers/activations.ts';
import { dense } from '../layers/dense.ts';
import { evaluationContext, type Layer, sequential } from '../layers/layer.ts';
import { RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { keysOf } from '../registry.ts';
import type { Variant } from './model.ts';

const Config = z.strictObject({
  /** Width of the code. */
  codeSize: z.number().int().min(1).max(65_536).default(32),
  /** Nodes per hidden layer of the encoder, outermost first; the decoder mirrors them. Any depth, none included. */
  hidden: z.array(z.number().int().min(1).max(65_536)).max(64).default([128]),
  activation: z.enum(keysOf(ACTIVATIONS)).default('relu'),
  /** Linear by default: a ReLU code loses the dimensions that start or become negative for every row. */
  codeActivation: z.enum(keysOf(ACTIVATIONS)).default('linear'),
  loss: z.enum(keysOf(RECONSTRUCTION_LOSSES)).default('mse'),
});

export const undercomplete: Variant<typeof Config> = {
  config: Config,
  build: ({ codeSize, hidden, activation, codeActivation, loss }, features, seed) => {
    const widths = [features, ...hidden, codeSize];
    const encode = stack('encoder', widths, activation, codeActivation, seed);
    const decodeLinear = stack('decoder', widths.toReversed(), activation, 'linear', seed);
    const objective = RECONSTRUCTION_LOSSES[loss];
    return {
      codeSize,
      encode: (rows) => encode(rows, evaluationContext()),
      decode: (code) => objective.reconstruct(decodeLinear(code, evaluationContext())),
      step: (rows, context) => {
        const code = encode(rows, context);
        const output = decodeLinear(code, context);
        const reconstructionLoss = objective.loss(output, rows);
        return {
          loss: reconstructionLoss,
          reconstructionLoss,
          regularisationLoss: scalar(0),
          reconstruction: objective.reconstruct(output),
          code,
        };
      },
    };
  },
};

/** Dense layers through `widths`; the last one has its own activation. */
function stack(
  name: string,
  widths: readonly number[],
  activation: Activation,
  lastActivation: Activation,
  seed: number,
): Layer {
  const layers = widths.slice(1).map((units, i) =>
    dense({
      name: `${name}/dense_${i}`,
      inputs: widths[i]!,
      units,
      activation: i === widths.length - 2 ? lastActivation : activation,
      seed,
    }),
  );
  return sequential(layers);
}
