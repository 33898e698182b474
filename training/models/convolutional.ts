/** The convolutional autoencoder: feature maps that shrink layer by layer to a code, and grow back. */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Pair } from '../graph/ops/windows.ts';
import { sizeOf } from '../graph/value.ts';
import { dense } from '../layers/dense.ts';
import { sequential } from '../layers/layer.ts';
import { flatten, reshape } from '../layers/reshape.ts';
import { keysOf } from '../registry.ts';
import { DOWNSAMPLING, fromChannels, type Level, toChannels, UPSAMPLING } from './convolutionalStages.ts';
import { deterministic } from './deterministic.ts';
import type { Variant } from './model.ts';
import { codeActivation, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  filters: z
    .array(z.number().int().min(1).max(4096))
    .min(1)
    .max(16)
    .describe('channels after every layer of the encoder, outermost first; the decoder mirrors them')
    .default([16, 8]),
  kernel: z
    .number()
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, 'expected an odd number')
    .describe('height and width of every kernel, odd so that it has a middle')
    .default(3),
  stride: z
    .number()
    .int()
    .min(1)
    .max(16)
    .describe('by how much every layer shrinks height and width, rounded up')
    .default(2),
  downsampling: z
    .enum(keysOf(DOWNSAMPLING))
    .describe('by convolutions with that stride, or by pooling after convolutions without one')
    .default('stride'),
  upsampling: z
    .enum(keysOf(UPSAMPLING))
    .describe('by transposed convolutions, or by convolutions after repeating every pixel')
    .default('transposed'),
  codeSize: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .nullable()
    .describe('width of a dense code; null makes the last feature maps the code')
    .default(32),
  activation: stackSettings.activation,
  /** Of a dense code; feature maps have `activation`. */
  codeActivation,
  loss,
});

export const convolutional: Variant<typeof Config> = {
  summary: 'convolutions over rows that are images: feature maps that shrink to a code, and grow back',
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
