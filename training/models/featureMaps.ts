/** Convolutions at the outer ends of an encoder and its decoder: from rows that are images to feature maps, and back. */
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
      'channels after every convolution of the encoder, outermost first; the decoder mirrors them; for images',
    )
    .default([]),
  kernel: z
    .number()
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, 'expected an odd number')
    .describe('with `filters`: height and width of every kernel, odd so that it has a middle')
    .default(3),
  stride: z
    .number()
    .int()
    .min(1)
    .max(16)
    .describe('with `filters`: by how much every convolution shrinks height and width, rounded up')
    .default(2),
  downsampling: z
    .enum(keysOf(DOWNSAMPLING))
    .describe(
      'with `filters`: by convolutions with that stride, or by pooling after convolutions without one',
    )
    .default('stride'),
  upsampling: z
    .enum(keysOf(UPSAMPLING))
    .describe('with `filters`: by transposed convolutions, or by convolutions after repeating every pixel')
    .default('transposed'),
};

/** The settings above and those of hidden layers, as parsed. */
export interface ConvolutionSettings extends HiddenSettings {
  readonly filters: readonly number[];
  readonly kernel: number;
  readonly stride: number;
  readonly downsampling: keyof typeof DOWNSAMPLING;
  readonly upsampling: keyof typeof UPSAMPLING;
}

/** What a stack is built for. */
export interface RowOptions {
  /** Values of a row. */
  readonly features: number;
  /** `[height, width]` or `[height, width, channels]` of rows that are images; `[features]` by default. */
  readonly rowShape?: readonly number[] | undefined;
  readonly seed: number;
}

/**
 * Values per row of the innermost feature maps, or of the row itself where there are no convolutions.
 * @throws {InputError} when there are, and rows are not images.
 */
export function innerWidth(settings: ConvolutionSettings, rows: RowOptions): number {
  if (settings.filters.length === 0) return rows.features;
  const { channels, size } = levelsOf(settings, rows).at(-1)!;
  return channels * size[0] * size[1];
}

/** Rows to the innermost feature maps `[N, innerWidth]`; these are hidden unless they are said to be the code. */
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

/** The innermost feature maps back to a linear output `[N, features]`. */
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

/** The image and its feature maps, outermost first. */
function levelsOf({ filters, stride }: ConvolutionSettings, rows: RowOptions): Level[] {
  const levels = [imageOf(rows)];
  for (const channels of filters) {
    const { size } = levels.at(-1)!;
    levels.push({ channels, size: size.map((each) => Math.ceil(each / stride)) as unknown as Pair });
  }
  return levels;
}

function imageOf({ features, rowShape = [features] }: RowOptions): Level {
  const [height, width, channels = 1] = rowShape;
  if (height === undefined || width === undefined || rowShape.length > 3) {
    throw new InputError(
      `setting 'filters' needs rows that are images, [height, width] or [height, width, channels]; received rows of shape [${rowShape}]; leave filters empty for dense layers`,
    );
  }
  return { channels, size: [height, width] };
}
