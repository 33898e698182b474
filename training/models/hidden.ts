/** The common part of hidden layers, dense and convolutional. */
import * as z from 'zod';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { dropout } from '../layers/dropout.ts';
import { INITIALIZERS, type InitializerName } from '../layers/initializers.ts';
import { type Layer, sequential } from '../layers/layer.ts';
import type { LinearOptions } from '../layers/linear.ts';
import { NORMALIZATIONS, type NormalizationName } from '../layers/normalizations.ts';
import { keysOf } from '../registry.ts';

export const hiddenSettings = {
  activation: z.enum(keysOf(ACTIVATIONS)).describe('activation of the hidden layers').default('relu'),
  normalization: z
    .enum(keysOf(NORMALIZATIONS))
    .describe('normalisation of the hidden layers, before their activation')
    .default('none'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .describe('share of the values of hidden layers that a training step sets to 0')
    .default(0),
  initializer: z
    .enum(keysOf(INITIALIZERS))
    .nullable()
    .describe('initializer of the weights; null is `glorot` for dense layers and `he` for convolutions')
    .default(null),
};

/** Parsed `hiddenSettings`. */
export interface HiddenSettings {
  readonly activation: Activation;
  readonly normalization?: NormalizationName;
  readonly dropout?: number;
  readonly initializer?: InitializerName | null;
}

/**
 * Creates a layer of a model with `make`: a hidden layer with these settings, followed by dropout, or, if
 * `own` is given, a code or an output with that activation, without normalisation and dropout.
 */
export function modelLayer(
  { activation, normalization = 'none', dropout: rate = 0, initializer = null }: HiddenSettings,
  {
    name,
    seed,
    own,
  }: { readonly name: string; readonly seed: number; readonly own?: Activation | undefined },
  make: (options: LinearOptions) => Layer,
): Layer {
  if (own !== undefined) return make({ name, seed, initializer, activation: own });
  const hidden = make({ name, seed, initializer, activation, normalization });
  return sequential([hidden, dropout(`${name}/dropout`, rate)]);
}
