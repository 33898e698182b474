/** The total correlation of a Gaussian code: how far its dimensions are from independent. */
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { exp, logSoftmax } from '../graph/ops/exponentials.ts';
import { eyeLike } from '../graph/ops/eyeLike.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { log, square } from '../graph/ops/powers.ts';
import { elementCount } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/**
 * Estimates KL(q(z) || prod_d q(z_d)) in nats from a batch: a scalar, for means, logarithms of variances and samples of
 * codes, `[N, k]` each. Chen et al. (2018), section 4.1, weight each row by the size of the batch times that of the data; both
 * sizes only add a constant, and here the mean over the batch stands for q. Holds `N k N` values.
 */
export function totalCorrelation(mean: Value, logVariance: Value, code: Value): Value {
  const size = code.shape[1] as number;
  // `[1, k, N]`, so that the last axis counts the rows that a sample may come from.
  const perRow = (value: Value) => unsqueeze(transpose(value, [1, 0]), [0]);
  const distance = sub(unsqueeze(code, [2]), perRow(mean));
  const precision = exp(mul(scalar(-1), perRow(logVariance)));
  // Without the constant, which the softmax takes out: log q(z_d of row i | row j), `[N, k, N]`.
  const densities = mul(scalar(-0.5), add(mul(square(distance), precision), perRow(logVariance)));
  const joint = logSoftmax(reduceSum(densities, [1]));
  // The diagonal holds log q(z | own row) - log sum_j q(z | row j), in which the own density cancels.
  const own = eyeLike(joint);
  const together = reduceSum(mul(joint, own), [1]);
  const apart = reduceSum(mul(logSoftmax(densities), unsqueeze(own, [1])), [1, 2]);
  const rows = elementCount(together);
  return add(reduceMean(sub(apart, together)), mul(scalar(size - 1), log(rows)));
}
