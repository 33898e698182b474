/** The convolutional autoencoder: feature maps that shrink layer by layer to a code, and grow back. */
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
    .describe('width of a dense code; null makes the last feature maps the code')
    .default(32),
  hidden: stackSettings.hidden.unwrap().default([]),
  filters: stackSettings.filters.unwrap().min(1).default([16, 8]),
  /** Of a dense code; feature maps have `activation`. */
  codeActivation,
  loss,
});

export const convolutional: Variant<typeof Config> = {
  summary: 'convolutions over rows that are images: feature maps that shrink to a code, and grow back',
  config: Config,
  build: (config, features, seed, rowShape) => {
    const { codeActivation, loss, codeSize, hidden, decoderHidden } = config;
    if (codeSize === null && (hidden.length > 0 || decoderHidden !== null)) {
      throw new InputError(
        "setting 'codeSize': null makes the feature maps the code, with no dense layers after them; leave out 'hidden' and 'decoderHidden', or give the code a width",
      );
    }
    return deterministic({
      loss,
      weighting: config,
      ...encoderDecoder(config, { features, rowShape, seed, codeActivation }),
    });
  },
};
