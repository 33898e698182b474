/**
 * Initial weights: uniform in an interval around 0 that depends on the numbers of inputs and outputs of a
 * layer.
 */
import { random } from '../../shared/random.ts';
import type { Variable } from '../graph/types.ts';
import { sizeOf, variable } from '../graph/value.ts';

/** Number of inputs per output, and number of outputs per input. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

export interface Initializer {
  /** One line for the documentation. */
  readonly summary: string;
  /** Returns half the width of the interval. */
  readonly limit: (fans: Fans) => number;
}

/** All initializers, by the names that settings use. */
export const INITIALIZERS = {
  glorot: {
    summary: 'variance 2 / (fan-in + fan-out) (Glorot & Bengio, 2010, eq. 16)',
    limit: ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut)),
  },
  he: {
    summary: 'variance 2 / fan-in, for layers with a ReLU (He et al., 2015, eq. 10)',
    limit: ({ fanIn }) => Math.sqrt(6 / fanIn),
  },
  lecun: {
    summary: 'variance 1 / fan-in, for layers with SELU (LeCun et al., 1998, eq. 16; Klambauer et al., 2017)',
    limit: ({ fanIn }) => Math.sqrt(3 / fanIn),
  },
} as const satisfies Record<string, Initializer>;

export type InitializerName = keyof typeof INITIALIZERS;

export interface WeightOptions extends Fans {
  readonly initializer: InitializerName;
  readonly seed: number;
}

/** Creates a weight from its own stream of random numbers, identified by the seed and the name. */
export function initialWeight(
  name: string,
  shape: readonly number[],
  { initializer, seed, ...fans }: WeightOptions,
): Variable {
  const limit = INITIALIZERS[initializer].limit(fans);
  const source = random(seed, name);
  const initial = Float32Array.from({ length: sizeOf(shape) }, () => (2 * source.uniform() - 1) * limit);
  return variable(name, shape, initial);
}
