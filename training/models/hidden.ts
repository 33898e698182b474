/** What the hidden layers of a model have in common, dense and convolutional ones alike. */
import * as z from 'zod';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { dropout } from '../layers/dropout.ts';
import { INITIALIZERS, type InitializerName } from '../layers/initializers.ts';
import { type Layer, sequential } from '../layers/layer.ts';
import type { LinearOptions } from '../layers/linear.ts';
import { NORMALIZATIONS, type NormalizationName } from '../layers/normalizations.ts';
import { keysOf } from '../registry.ts';

export const hiddenSettings = {
  activation: z.enum(keysOf(ACTIVATIONS)).describe('of the hidden layers').default('relu'),
  normalization: z
    .enum(keysOf(NORMALIZATIONS))
    .describe("of what a hidden layer's weights give, before its activation; below")
    .default('none'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .describe("share of the hidden layers' values that a training step sets to 0")
    .default(0),
  initializer: z
    .enum(keysOf(INITIALIZERS))
    .nullable()
    .describe('how weights start, all uniform; null is `glorot` for dense layers and `he` for convolutions')
    .default(null),
};

/** The settings above, as parsed. */
export interface HiddenSettings {
  readonly activation: Activation;
  readonly normalization?: NormalizationName;
  readonly dropout?: number;
  readonly initializer?: InitializerName | null;
}

/**
 * One layer of a model: a hidden one, which `make` makes with these settings and dropout follows, or one with an
 * activation of its own and neither normalisation nor dropout: a code or an output.
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
