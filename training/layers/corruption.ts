/** Ways to corrupt rows while training, for denoising. Each takes rows `[N, features]` and fresh noise of their shape. */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { greater } from '../graph/ops/step.ts';
import type { NoiseDistribution, Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

export interface Corruption {
  readonly distribution: NoiseDistribution;
  readonly corrupt: (rows: Value, noise: Value, amount: number) => Value;
}

export const CORRUPTIONS = {
  /** Adds normal noise of standard deviation `amount`. */
  gaussian: {
    distribution: 'normal',
    corrupt: (rows, noise, amount) => add(rows, mul(noise, scalar(amount))),
  },
  /** Sets the share `amount` of the values to 0. */
  masking: {
    distribution: 'uniform',
    corrupt: (rows, noise, amount) => mul(rows, greater(noise, scalar(amount))),
  },
  /** Sets the share `amount` of the values to 0 or 1, half each. */
  saltAndPepper: {
    distribution: 'uniform',
    corrupt: (rows, noise, amount) => {
      const salt = greater(noise, scalar(1 - amount / 2));
      const kept = sub(greater(noise, scalar(amount / 2)), salt);
      return add(mul(rows, kept), salt);
    },
  },
} as const satisfies Record<string, Corruption>;
