/** How weights start: uniform in an interval around 0 that depends on how many values a layer adds up. */
import { random } from '../../shared/random.ts';
import type { Variable } from '../graph/types.ts';
import { sizeOf, variable } from '../graph/value.ts';

/** How many inputs one output adds up, and how many outputs one input goes into. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Half the width of the interval, per method. */
export const INITIALIZERS = {
  /** Variance 2 / (fanIn + fanOut) (Glorot & Bengio, 2010, eq. 16). */
  glorot: ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut)),
  /** Variance 2 / fanIn, for layers before a ReLU (He et al., 2015, eq. 10). */
  he: ({ fanIn }) => Math.sqrt(6 / fanIn),
  /** Variance 1 / fanIn (LeCun et al., "Efficient BackProp", 1998, eq. 16); SELU asks for it (Klambauer et al., 2017). */
  lecun: ({ fanIn }) => Math.sqrt(3 / fanIn),
} as const satisfies Record<string, (fans: Fans) => number>;

export type InitializerName = keyof typeof INITIALIZERS;

export interface WeightOptions extends Fans {
  readonly initializer: InitializerName;
  readonly seed: number;
}

/** A weight of its own stream of random numbers, named after it. */
export function initialWeight(
  name: string,
  shape: readonly number[],
  { initializer, seed, ...fans }: WeightOptions,
): Variable {
  const limit = INITIALIZERS[initializer](fans);
  const source = random(seed, name);
  const initial = Float32Array.from({ length: sizeOf(shape) }, () => (2 * source.uniform() - 1) * limit);
  return variable(name, shape, initial);
}
