/**
 * The undercomplete autoencoder: an encoder to a code narrower than the row, and a decoder that mirrors it.
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { deterministic } from './deterministic.ts';
import type { Variant } from './model.ts';
import { codeActivation, encoderDecoder, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  ...stackSettings,
  codeActivation,
  loss,
  tiedWeights: z
    .boolean()
    .describe(
      "the decoder uses the encoder's weights, transposed, which halves their number; needs the mirrored decoder",
    )
    .default(false),
});

export const undercomplete: Variant<typeof Config> = {
  summary: 'dense layers to a narrow code and back, of any depth',
  config: Config,
  build: (config, features, seed, rowShape) => {
    const { codeActivation, loss, tiedWeights: tied } = config;
    if (tied && config.decoderHidden !== null) {
      throw new InputError(
        "settings 'tiedWeights' and 'decoderHidden' exclude each other: tied weights need the mirrored decoder",
      );
    }
    if (tied && config.filters.length > 0) {
      throw new InputError(
        "settings 'tiedWeights' and 'filters' exclude each other: only dense layers can be tied; leave one out",
      );
    }
    return deterministic({
      loss,
      weighting: config,
      ...encoderDecoder(config, { features, rowShape, seed, codeActivation, tied }),
    });
  },
};
