/**
 * The transposed convolutional layer, which enlarges images as much as a convolution with the same options
 * shrinks them.
 */
import { mul } from '../graph/ops/arithmetic.ts';
import { convTranspose } from '../graph/ops/conv.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Pair } from '../graph/ops/windows.ts';
import type { Conv2dOptions } from './conv2d.ts';
import { initialWeight } from './initializers.ts';
import type { Layer } from './layer.ts';
import { linearLayer } from './linear.ts';
import type { LinearMap } from './normalization.ts';

export interface ConvTranspose2dOptions extends Conv2dOptions {
  /** Rows and columns at the end that no window of the convolution covers; less than the strides. */
  readonly outputPadding: Pair;
}

/** activation(normalization(x * W + b)): float32 `[N, channels, rows, columns]` to `[N, filters, H, W]`. */
export function convTranspose2d(options: ConvTranspose2dOptions): Layer {
  const { name, channels, filters, kernel, initializer, seed, strides = [1, 1] } = options;
  const weight = initialWeight(`${name}/weight`, [channels, filters, kernel, kernel], {
    initializer: initializer ?? 'he',
    // An output pixel sums one in strides[0] * strides[1] kernel taps.
    fanIn: (channels * kernel ** 2) / (strides[0] * strides[1]),
    fanOut: filters * kernel ** 2,
    seed,
  });
  const map: LinearMap = (x, { scale, ...bias }) => {
    const scaled = scale === undefined ? weight : mul(weight, unsqueeze(scale, [1, 2]));
    return convTranspose(x, scaled, { ...options, ...bias });
  };
  return linearLayer(map, filters, options);
}
