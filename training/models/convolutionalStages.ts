/**
 * Stages of convolutional encoders and decoders: from the feature maps of one level to the feature maps of
 * the next.
 */
import { transpose } from '../graph/ops/transpose.ts';
import type { Pair } from '../graph/ops/windows.ts';
import { averagePool2d } from '../layers/averagePool2d.ts';
import { conv2d } from '../layers/conv2d.ts';
import { convTranspose2d } from '../layers/convTranspose2d.ts';
import { type Layer, sequential } from '../layers/layer.ts';
import type { LinearOptions } from '../layers/linear.ts';
import { maxPool2d } from '../layers/maxPool2d.ts';
import { flatten, reshape } from '../layers/reshape.ts';
import { upsample2d } from '../layers/upsample2d.ts';

/** Dimensions of the feature maps between two stages. */
export interface Level {
  readonly channels: number;
  readonly size: Pair;
}

export interface StageOptions extends LinearOptions {
  readonly kernel: number;
  readonly stride: number;
}

type Stage = (from: Level, to: Level, options: StageOptions) => Layer;

export const DOWNSAMPLING = {
  stride: (from, to, { stride, ...options }) =>
    conv2d({ ...options, ...convBetween(from, to, options.kernel), strides: [stride, stride] }),
  max: (from, to, { stride, ...options }) =>
    sequential([conv2d({ ...options, ...convBetween(from, to, options.kernel) }), maxPool2d(stride)]),
  average: (from, to, { stride, ...options }) =>
    sequential([conv2d({ ...options, ...convBetween(from, to, options.kernel) }), averagePool2d(stride)]),
} as const satisfies Record<string, Stage>;

export const UPSAMPLING = {
  transposed: (from, to, { stride, ...options }) => {
    // With an odd kernel and padding of half its size, windows are centred on every stride-th pixel. The
    // output padding covers the pixels after the last centre.
    const left = (axis: 0 | 1) => to.size[axis] - stride * (from.size[axis] - 1) - 1;
    const strides = [stride, stride] as const;
    const outputPadding = [left(0), left(1)] as const;
    return convTranspose2d({ ...options, ...convBetween(from, to, options.kernel), strides, outputPadding });
  },
  nearest: (from, to, { stride, ...options }) =>
    sequential([
      upsample2d(stride, to.size),
      conv2d({ ...options, ...convBetween(from, to, options.kernel) }),
    ]),
} as const satisfies Record<string, Stage>;

/**
 * Converts rows `[N, height * width * channels]`, channels last, to feature maps
 * `[N, channels, height, width]`.
 */
export function toChannels({ channels, size }: Level): Layer {
  if (channels === 1) return reshape([1, ...size]);
  const split = reshape([...size, channels]);
  return (x, context) => transpose(split(x, context), [0, 3, 1, 2]);
}

/**
 * Converts feature maps `[N, channels, height, width]` to rows `[N, height * width * channels]`, channels
 * last.
 */
export function fromChannels({ channels }: Level): Layer {
  const join = flatten();
  return (x, context) => join(channels === 1 ? x : transpose(x, [0, 2, 3, 1]), context);
}

function convBetween(from: Level, to: Level, kernel: number) {
  const around = (kernel - 1) / 2;
  return {
    channels: from.channels,
    filters: to.channels,
    pads: [around, around, around, around] as const,
  };
}
