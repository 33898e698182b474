/** The convolutional autoencoder: feature maps that shrink layer by layer to a code, and grow back. */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Pair } from '../graph/ops/windows.ts';
import { sizeOf } from '../graph/value.ts';
import { ACTIVATIONS } from '../layers/activations.ts';
import { dense } from '../layers/dense.ts';
import { sequential } from '../layers/layer.ts';
import { flatten, reshape } from '../layers/reshape.ts';
import { RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { weightingSettings } from '../objectives/weighting.ts';
import { keysOf } from '../registry.ts';
import { DOWNSAMPLING, fromChannels, type Level, toChannels, UPSAMPLING } from './convolutionalStages.ts';
import { deterministic } from './deterministic.ts';
import type { Variant } from './model.ts';
import { codeActivation } from './stack.ts';

const Config = z.strictObject({
  /** Channels after every layer of the encoder, outermost first; the decoder mirrors them. */
  filters: z.array(z.number().int().min(1).max(4096)).min(1).max(16).default([16, 8]),
  /** Height and width of every kernel, odd so that it has a middle. */
  kernel: z
    .number()
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, 'expected an odd number')
    .default(3),
  /** By how much every layer shrinks height and width, rounded up. */
  stride: z.number().int().min(1).max(16).default(2),
  /** How: by convolutions with that stride, or by pooling after convolutions without one. */
  downsampling: z.enum(keysOf(DOWNSAMPLING)).default('stride'),
  /** How the decoder grows back: by transposed convolutions, or by convolutions after repeating every pixel. */
  upsampling: z.enum(keysOf(UPSAMPLING)).default('transposed'),
  /** Width of a dense code; null makes the last feature maps the code. */
  codeSize: z.number().int().min(1).max(65_536).nullable().default(32),
  activation: z.enum(keysOf(ACTIVATIONS)).default('relu'),
  /** Of a dense code; feature maps have `activation`. */
  codeActivation,
  loss: z.enum(keysOf(RECONSTRUCTION_LOSSES)).default('mse'),
  ...weightingSettings,
});

export const convolutional: Variant<typeof Config> = {
  config: Config,
  build: (config, features, seed, rowShape = [features]) => {
    const { filters, kernel, stride, activation, loss } = config;
    const image = imageOf(rowShape);
    const levels: Level[] = [image];
    for (const channels of filters) {
      const { size } = levels.at(-1)!;
      levels.push({ channels, size: size.map((each) => Math.ceil(each / stride)) as unknown as Pair });
    }
    const innermost = levels.at(-1)!;
    const maps = [innermost.channels, ...innermost.size];
    const common = { kernel, stride, seed };
    const down = filters.map((_, i) =>
      DOWNSAMPLING[config.downsampling](levels[i]!, levels[i + 1]!, {
        ...common,
        name: `encoder/conv_${i}`,
        activation,
      }),
    );
    const up = filters.map((_, i) =>
      UPSAMPLING[config.upsampling](levels.at(-1 - i)!, levels.at(-2 - i)!, {
        ...common,
        name: `decoder/conv_${i}`,
        activation: i === filters.length - 1 ? 'linear' : activation,
      }),
    );
    const bottleneck = denseCode(config.codeSize, sizeOf(maps), config, seed);
    return deterministic({
      codeSize: config.codeSize ?? sizeOf(maps),
      encoder: sequential([toChannels(image), ...down, flatten(), ...bottleneck.encoder]),
      decoder: sequential([...bottleneck.decoder, reshape(maps), ...up, fromChannels(image)]),
      loss,
      weighting: config,
    });
  },
};

/** The dense layers between feature maps and a code of `codeSize`; none where the feature maps are the code. */
function denseCode(
  codeSize: number | null,
  features: number,
  { activation, codeActivation: codes }: Pick<z.output<typeof Config>, 'activation' | 'codeActivation'>,
  seed: number,
) {
  if (codeSize === null) return { encoder: [], decoder: [] };
  const encoder = { name: 'encoder/code', inputs: features, units: codeSize, activation: codes, seed };
  const decoder = { name: 'decoder/code', inputs: codeSize, units: features, activation, seed };
  return { encoder: [dense(encoder).layer], decoder: [dense(decoder).layer] };
}

/** @throws {InputError} when rows are not images. */
function imageOf(rowShape: readonly number[]): Level {
  const [height, width, channels = 1] = rowShape;
  if (height === undefined || width === undefined || rowShape.length > 3) {
    throw new InputError(
      `variant convolutional needs rows that are images, [height, width] or [height, width, channels]; received rows of shape [${rowShape}]`,
    );
  }
  return { channels, size: [height, width] };
}
