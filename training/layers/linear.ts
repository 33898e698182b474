/** The common part of dense and convolutional layers: a linear map, a normalisation and an activation. */
import { ACTIVATIONS, type Activation } from './activations.ts';
import type { InitializerName } from './initializers.ts';
import type { Layer } from './layer.ts';
import type { LinearMap } from './normalization.ts';
import { NORMALIZATIONS, type NormalizationName } from './normalizations.ts';

export interface LinearOptions {
  /** Prefix of the variables' names; also selects the random numbers that initialise them. */
  readonly name: string;
  readonly activation: Activation;
  /** Applied between the linear map and the activation; `none` by default. */
  readonly normalization?: NormalizationName;
  /** Initializer of the weights; null, the default, is the layer's own. Biases start at 0. */
  readonly initializer?: InitializerName | null;
  readonly seed: number;
}

/** activation(normalization(map(x))), where `map` returns `[N, channels, ...]`. */
export function linearLayer(
  map: LinearMap,
  channels: number,
  { name, activation, normalization = 'none' }: LinearOptions,
): Layer {
  const normalized = NORMALIZATIONS[normalization].create(map, name, channels);
  return (x, context) => ACTIVATIONS[activation].apply(normalized(x, context));
}
