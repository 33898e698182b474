/** The transposed convolutional layer, which enlarges where a convolution with the same options shrinks. */
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
  /** Rows and columns at the end that the convolution's windows did not reach; below the strides. */
  readonly outputPadding: Pair;
}

/** activation(normalization(x * W + b)): float32 `[N, channels, rows, columns]` to `[N, filters, H, W]`. */
export function convTranspose2d(options: ConvTranspose2dOptions): Layer {
  const { name, channels, filters, kernel, initializer, seed, strides = [1, 1] } = options;
  const weight = initialWeight(`${name}/weight`, [channels, filters, kernel, kernel], {
    initializer: initializer ?? 'he',
    // Every pixel of the result is the sum over one window in strides[0] * strides[1].
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
