/** The convolutional layer. */
import { mul } from '../graph/ops/arithmetic.ts';
import { conv } from '../graph/ops/conv.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Sliding } from '../graph/ops/windows.ts';
import { initialWeight } from './initializers.ts';
import type { Layer } from './layer.ts';
import { type LinearOptions, linearLayer } from './linear.ts';
import type { LinearMap } from './normalization.ts';

/** Options of a convolutional layer. The initializer is `he` by default. */
export interface Conv2dOptions extends LinearOptions, Sliding {
  /** Channels of the input. */
  readonly channels: number;
  /** Channels of the output. */
  readonly filters: number;
  /** Height and width of the square kernel. */
  readonly kernel: number;
}

/** activation(normalization(x * W + b)): float32 `[N, channels, H, W]` to `[N, filters, rows, columns]`. */
export function conv2d(options: Conv2dOptions): Layer {
  const { name, channels, filters, kernel, initializer, seed, strides = [1, 1] } = options;
  const weight = initialWeight(`${name}/weight`, [filters, channels, kernel, kernel], {
    initializer: initializer ?? 'he',
    fanIn: channels * kernel ** 2,
    // A kernel tap covers one in strides[0] * strides[1] pixels.
    fanOut: (filters * kernel ** 2) / (strides[0] * strides[1]),
    seed,
  });
  const map: LinearMap = (x, { scale, ...bias }) => {
    const scaled = scale === undefined ? weight : mul(weight, unsqueeze(scale, [1, 2, 3]));
    return conv(x, scaled, { ...options, ...bias });
  };
  return linearLayer(map, filters, options);
}
