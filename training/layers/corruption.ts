/** All corruptions of rows that denoising trains with, by the names that settings use. */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { greater } from '../graph/ops/step.ts';
import type { NoiseDistribution, Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

export interface Corruption {
  /** One line for the documentation. */
  readonly summary: string;
  readonly distribution: NoiseDistribution;
  /** Corrupts rows `[N, features]` with noise of the same shape. */
  readonly corrupt: (rows: Value, noise: Value, amount: number) => Value;
}

export const CORRUPTIONS = {
  gaussian: {
    summary: 'adds normal noise with the amount as standard deviation',
    distribution: 'normal',
    corrupt: (rows, noise, amount) => add(rows, mul(noise, scalar(amount))),
  },
  masking: {
    summary: 'sets a share of the values to 0',
    distribution: 'uniform',
    corrupt: (rows, noise, amount) => mul(rows, greater(noise, scalar(amount))),
  },
  saltAndPepper: {
    summary: 'sets a share of the values to 0 or 1, half each',
    distribution: 'uniform',
    corrupt: (rows, noise, amount) => {
      const salt = greater(noise, scalar(1 - amount / 2));
      const kept = sub(greater(noise, scalar(amount / 2)), salt);
      return add(mul(rows, kept), salt);
    },
  },
} as const satisfies Record<string, Corruption>;
