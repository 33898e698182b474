/** The similarity of each row of a batch to the others, and how much of it a code loses. */
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { exp, logSoftmax } from '../graph/ops/exponentials.ts';
import { eyeLike } from '../graph/ops/eyeLike.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { directions } from './directions.ts';

/** Subtracted from the logit of a row with itself, which leaves it a probability of 0. */
const NEVER = 1e4;

/**
 * Returns the logarithm of the probability that each row `[N, width]` picks each other row as its neighbour, `[N, N]`:
 * the log-softmax of their cosine similarities divided by the temperature, without the row itself.
 */
export function neighbourLogits(rows: Value, temperature: number): Value {
  // The rows are scaled in place of their many more products.
  const own = mul(directions(rows), scalar(1 / Math.sqrt(temperature)));
  const similarities = gemm(own, own, { transB: true });
  return logSoftmax(sub(similarities, mul(eyeLike(similarities), scalar(NEVER))));
}

/**
 * Mean over the rows of KL(target || of), in nats, for logarithms of probabilities `[N, N]`: a scalar. Only `of` has
 * a gradient.
 */
export function neighbourDivergence(target: Value, of: Value): Value {
  return reduceMean(reduceSum(mul(exp(target), sub(target, of)), [1]));
}
