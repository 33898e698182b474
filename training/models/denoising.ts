/** The denoising autoencoder, which reconstructs a row from a corrupted copy (Vincent et al., 2008). */
import * as z from 'zod';
import type { Value } from '../graph/types.ts';
import { CORRUPTIONS } from '../layers/corruption.ts';
import type { Context } from '../layers/layer.ts';
import { keysOf } from '../registry.ts';
import { deterministic } from './deterministic.ts';
import type { Variant } from './model.ts';
import { codeActivation, encoderDecoder, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  ...stackSettings,
  codeActivation,
  loss,
  corruption: z
    .enum(keysOf(CORRUPTIONS))
    .describe('corruption of the rows: noise added to values, values set to 0, or values set to 0 or 1')
    .default('gaussian'),
  corruptionAmount: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'standard deviation of gaussian noise, or share of the values that the other corruptions replace',
    )
    .default(0.3),
});

export const denoising: Variant<typeof Config> = {
  summary: 'reconstructs rows from corrupted copies; exported graphs have no noise',
  config: Config,
  build: (config, features, seed, rowShape) => {
    const { codeActivation, loss, corruption, corruptionAmount } = config;
    return deterministic({
      loss,
      weighting: config,
      ...encoderDecoder(config, { features, rowShape, seed, codeActivation }),
      corrupt: (rows, context) => corrupted(rows, context, corruption, corruptionAmount),
    });
  },
};

function corrupted(rows: Value, context: Context, name: keyof typeof CORRUPTIONS, amount: number): Value {
  const { distribution, corrupt } = CORRUPTIONS[name];
  return corrupt(rows, context.noise('corruption', rows.shape, distribution), amount);
}
