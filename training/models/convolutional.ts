/**
 * The convolutional autoencoder: feature maps that shrink layer by layer to a code, and grow back to an
 * image.
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { deterministic } from './deterministic.ts';
import type { Variant } from './model.ts';
import { codeActivation, encoderDecoder, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  ...stackSettings,
  codeSize: stackSettings.codeSize
    .unwrap()
    .nullable()
    .describe('width of a dense code; null uses the last feature maps as the code')
    .default(32),
  hidden: stackSettings.hidden.unwrap().default([]),
  filters: stackSettings.filters.unwrap().min(1).default([16, 8]),
  /** Applies to a dense code; a code of feature maps has `activation`. */
  codeActivation,
  loss,
});

export const convolutional: Variant<typeof Config> = {
  summary: 'convolutions over images: feature maps that shrink to a code, and grow back',
  config: Config,
  build: (config, features, seed, rowShape) => {
    const { codeActivation, loss, codeSize, hidden, decoderHidden } = config;
    if (codeSize === null && (hidden.length > 0 || decoderHidden !== null)) {
      throw new InputError(
        "setting 'codeSize': null uses the feature maps as the code, which excludes dense layers; leave out 'hidden' and 'decoderHidden', or set a width",
      );
    }
    return deterministic({
      loss,
      weighting: config,
      ...encoderDecoder(config, { features, rowShape, seed, codeActivation }),
    });
  },
};
