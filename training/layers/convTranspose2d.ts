/** The transposed convolutional layer, which enlarges where a convolution with the same options shrinks. */
import { random } from '../../shared/random.ts';
import { convTranspose } from '../graph/ops/conv.ts';
import type { Pair } from '../graph/ops/windows.ts';
import { variable } from '../graph/value.ts';
import { ACTIVATIONS } from './activations.ts';
import type { Conv2dOptions } from './conv2d.ts';
import { heUniform } from './initializers.ts';
import type { Layer } from './layer.ts';

export interface ConvTranspose2dOptions extends Conv2dOptions {
  /** Rows and columns at the end that the convolution's windows did not reach; below the strides. */
  readonly outputPadding: Pair;
}

/** activation(x * W + b): float32 `[N, channels, rows, columns]` to `[N, filters, H, W]`. */
export function convTranspose2d(options: ConvTranspose2dOptions): Layer {
  const { name, channels, filters, kernel, activation, seed, strides = [1, 1], ...sliding } = options;
  const shape = [channels, filters, kernel, kernel];
  // Every pixel of the result is the sum over one window in strides[0] * strides[1].
  const fanIn = (channels * kernel ** 2) / (strides[0] * strides[1]);
  const weight = variable(`${name}/weight`, shape, heUniform(fanIn, shape, random(seed, `${name}/weight`)));
  const bias = variable(`${name}/bias`, [filters], new Float32Array(filters));
  return (x) => ACTIVATIONS[activation](convTranspose(x, weight, { ...sliding, strides, bias }));
}
