/** What dense and convolutional layers have in common: weights, then a normalisation, then an activation. */
import { ACTIVATIONS, type Activation } from './activations.ts';
import type { InitializerName } from './initializers.ts';
import type { Layer } from './layer.ts';
import type { LinearMap } from './normalization.ts';
import { NORMALIZATIONS, type NormalizationName } from './normalizations.ts';

export interface LinearOptions {
  /** Prefix of the variables' names, and the stream that initialises them. */
  readonly name: string;
  readonly activation: Activation;
  /** Between the linear map and the activation; `none` by default. */
  readonly normalization?: NormalizationName;
  /** How the weights start; null, the default, leaves it to the layer. Biases start at 0. */
  readonly initializer?: InitializerName | null;
  readonly seed: number;
}

/** activation(normalization(map(x))), where the map gives `[N, channels, ...]`. */
export function linearLayer(
  map: LinearMap,
  channels: number,
  { name, activation, normalization = 'none' }: LinearOptions,
): Layer {
  const normalized = NORMALIZATIONS[normalization](map, name, channels);
  return (x, context) => ACTIVATIONS[activation](normalized(x, context));
}
