/** What keeps the codes of a variational model close to the prior, by the name of the setting. */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { meanDiscrepancy } from './meanDiscrepancy.ts';
import { totalCorrelation } from './totalCorrelation.ts';

/** The Gaussian codes of a batch: parameters and samples `[N, k]`. */
export interface CodeBatch {
  readonly mean: Value;
  readonly logVariance: Value;
  readonly code: Value;
  /** KL divergence from the prior, summed over the dimensions: a scalar. */
  readonly kl: Value;
  /** Draws samples of the prior, `[N, k]`. */
  readonly prior: () => Value;
}

/** A divergence that is estimated from a batch, in addition to the KL divergence or in its place. */
export interface CodeDivergence {
  /** Name of the metric that `measure` is reported as. */
  readonly metric: string;
  /** Returns a scalar. */
  readonly measure: (batch: CodeBatch) => Value;
  /** Returns what is added to the negative log-likelihood. */
  readonly penalty: (measured: Value, beta: Value, batch: CodeBatch) => Value;
}

export const CODE_DIVERGENCES = {
  /** The KL divergence, of which the part that is total correlation has the weight beta (Chen et al., 2018). */
  'beta-tc': {
    metric: 'total-correlation',
    measure: ({ mean, logVariance, code }) => totalCorrelation(mean, logVariance, code),
    penalty: (measured, beta, { kl }) => add(kl, mul(sub(beta, scalar(1)), measured)),
  },
  /** In place of the KL divergence, beta times the discrepancy of all codes from the prior (Tolstikhin et al., 2018). */
  'wae-mmd': {
    metric: 'mmd',
    measure: ({ code, prior }) => meanDiscrepancy(code, prior()),
    penalty: (measured, beta) => mul(beta, measured),
  },
} as const satisfies Record<string, CodeDivergence>;
