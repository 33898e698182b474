/** The convolutional layer. */
import { random } from '../../shared/random.ts';
import { conv } from '../graph/ops/conv.ts';
import type { Sliding } from '../graph/ops/windows.ts';
import { variable } from '../graph/value.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';
import { heUniform } from './initializers.ts';
import type { Layer } from './layer.ts';

export interface Conv2dOptions extends Sliding {
  /** Prefix of the variables' names, and the stream that initialises them. */
  readonly name: string;
  /** Channels of the images that come in. */
  readonly channels: number;
  /** Channels of the images that go out. */
  readonly filters: number;
  /** Height and width of the square kernel. */
  readonly kernel: number;
  readonly activation: Activation;
  /** Seed of the initial weights (He uniform; biases start at 0). */
  readonly seed: number;
}

/** activation(x * W + b): float32 `[N, channels, H, W]` to `[N, filters, rows, columns]`. */
export function conv2d(options: Conv2dOptions): Layer {
  const { name, channels, filters, kernel, activation, seed, ...sliding } = options;
  const shape = [filters, channels, kernel, kernel];
  const initial = heUniform(channels * kernel ** 2, shape, random(seed, `${name}/weight`));
  const weight = variable(`${name}/weight`, shape, initial);
  const bias = variable(`${name}/bias`, [filters], new Float32Array(filters));
  return (x) => ACTIVATIONS[activation](conv(x, weight, { ...sliding, bias }));
}
