/** The convolutional part of encoders and decoders: from images to the innermost feature maps, and back. */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Pair } from '../graph/ops/windows.ts';
import type { Activation } from '../layers/activations.ts';
import type { Layer } from '../layers/layer.ts';
import { flatten, reshape } from '../layers/reshape.ts';
import { keysOf } from '../registry.ts';
import { DOWNSAMPLING, fromChannels, type Level, toChannels, UPSAMPLING } from './convolutionalStages.ts';
import { type HiddenSettings, modelLayer } from './hidden.ts';

export const convolutionSettings = {
  filters: z
    .array(z.number().int().min(1).max(4096))
    .max(16)
    .describe(
      'channels after every convolution of the encoder, outermost first, for images; the decoder mirrors them',
    )
    .default([]),
  kernel: z
    .number()
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, 'expected an odd number')
    .describe('with `filters`: height and width of every kernel, an odd number')
    .default(3),
  stride: z
    .number()
    .int()
    .min(1)
    .max(16)
    .describe('with `filters`: factor by which every convolution shrinks height and width, rounded up')
    .default(2),
  downsampling: z
    .enum(keysOf(DOWNSAMPLING))
    .describe('with `filters`: shrinks by the stride of the convolutions, or by pooling after them')
    .default('stride'),
  upsampling: z
    .enum(keysOf(UPSAMPLING))
    .describe(
      'with `filters`: enlarges by transposed convolutions, or by repeating pixels before convolutions',
    )
    .default('transposed'),
};

/** Parsed settings of convolutions and hidden layers. */
export interface ConvolutionSettings extends HiddenSettings {
  readonly filters: readonly number[];
  readonly kernel: number;
  readonly stride: number;
  readonly downsampling: keyof typeof DOWNSAMPLING;
  readonly upsampling: keyof typeof UPSAMPLING;
}

/** Rows that a stack is built for, and the seed of its weights. */
export interface RowOptions {
  /** Number of values per row. */
  readonly features: number;
  /** `[height, width]` or `[height, width, channels]` for images; `[features]` by default. */
  readonly rowShape?: readonly number[] | undefined;
  readonly seed: number;
}

/**
 * Returns the number of values per row of the innermost feature maps, or of the row itself without
 * convolutions.
 * @throws {InputError} if there are convolutions, and rows are not images.
 */
export function innerWidth(settings: ConvolutionSettings, rows: RowOptions): number {
  if (settings.filters.length === 0) return rows.features;
  const { channels, size } = levelsOf(settings, rows).at(-1)!;
  return channels * size[0] * size[1];
}

/**
 * Layers from rows to the innermost feature maps `[N, innerWidth]`, which are hidden layers unless `areCode`.
 */
export function toMaps(settings: ConvolutionSettings, rows: RowOptions, areCode = false): Layer[] {
  const { filters, kernel, stride, downsampling, activation } = settings;
  if (filters.length === 0) return [];
  const levels = levelsOf(settings, rows);
  const last = (i: number): Activation | undefined =>
    areCode && i === filters.length - 1 ? activation : undefined;
  const stages = filters.map((_, i) =>
    modelLayer(settings, { name: `encoder/conv_${i}`, seed: rows.seed, own: last(i) }, (options) =>
      DOWNSAMPLING[downsampling](levels[i]!, levels[i + 1]!, { ...options, kernel, stride }),
    ),
  );
  return [toChannels(levels[0]!), ...stages, flatten()];
}

/** Layers from the innermost feature maps `[N, innerWidth]` to a linear output `[N, features]`. */
export function fromMaps(settings: ConvolutionSettings, rows: RowOptions): Layer[] {
  const { filters, kernel, stride, upsampling } = settings;
  if (filters.length === 0) return [];
  const levels = levelsOf(settings, rows).toReversed();
  const last = (i: number): Activation | undefined => (i === filters.length - 1 ? 'linear' : undefined);
  const stages = filters.map((_, i) =>
    modelLayer(settings, { name: `decoder/conv_${i}`, seed: rows.seed, own: last(i) }, (options) =>
      UPSAMPLING[upsampling](levels[i]!, levels[i + 1]!, { ...options, kernel, stride }),
    ),
  );
  const { channels, size } = levels[0]!;
  return [reshape([channels, ...size]), ...stages, fromChannels(levels.at(-1)!)];
}

/** Returns the dimensions of the image and its feature maps, outermost first. */
function levelsOf({ filters, stride }: ConvolutionSettings, rows: RowOptions): Level[] {
  const levels = [imageLevel(rows)];
  for (const channels of filters) {
    const { size } = levels.at(-1)!;
    levels.push({ channels, size: size.map((each) => Math.ceil(each / stride)) as unknown as Pair });
  }
  return levels;
}

function imageLevel({ features, rowShape = [features] }: RowOptions): Level {
  const [height, width, channels = 1] = rowShape;
  if (height === undefined || width === undefined || rowShape.length > 3) {
    throw new InputError(
      `setting 'filters' needs images, rows of shape [height, width] or [height, width, channels]; received rows of shape [${rowShape}]; leave filters empty for dense layers`,
    );
  }
  return { channels, size: [height, width] };
}
