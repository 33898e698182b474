/**
 * The contractive autoencoder, whose code is insensitive to small changes of the row (Rifai et al., 2011).
 */
import * as z from 'zod';
import { contraction } from '../objectives/contraction.ts';
import { deterministic } from './deterministic.ts';
import type { Variant } from './model.ts';
import { codeActivation, encoderDecoder, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  ...stackSettings,
  hidden: stackSettings.hidden.unwrap().default([]),
  activation: stackSettings.activation.unwrap().default('sigmoid'),
  /** Excludes `batch`, because the penalty requires a code that depends only on its own row. */
  normalization: stackSettings.normalization
    .unwrap()
    .exclude(['batch'])
    .describe(stackSettings.normalization.unwrap().description!)
    .default('none'),
  codeActivation: codeActivation.unwrap().default('sigmoid'),
  loss,
  contractionWeight: z
    .number()
    .min(0)
    .max(1000)
    .describe("weight of the penalty, the squared Frobenius norm of the encoder's Jacobian")
    .default(1e-4),
});

export const contractive: Variant<typeof Config> = {
  summary: "a code that is insensitive to small changes: penalises the exact norm of the encoder's Jacobian",
  config: Config,
  build: (config, features, seed, rowShape) => {
    const { codeActivation, loss, contractionWeight: weight } = config;
    return deterministic({
      loss,
      weighting: config,
      ...encoderDecoder(config, { features, rowShape, seed, codeActivation }),
      penalty: { weight, of: contraction },
    });
  },
};
