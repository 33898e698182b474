/** The maximum mean discrepancy between codes and a prior: how easily their samples are told apart. */
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { eyeLike } from '../graph/ops/eyeLike.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { square } from '../graph/ops/powers.ts';
import { elementCount } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

/** Factors of the kernel's scale 2 k, over which it is summed, as in the code of the paper. */
const SCALES = [0.1, 0.2, 0.5, 1, 2, 5, 10];

/**
 * Estimates the MMD of `codes` and samples of N(0, 1), `[N, k]` each, without bias: a scalar, which may be slightly below
 * 0. The kernel is the sum of inverse multiquadratics C / (C + |x - y|^2), C = 2 k times each scale (Tolstikhin et al.,
 * 2018, section 4).
 */
export function meanDiscrepancy(codes: Value, prior: Value): Value {
  const size = codes.shape[1] as number;
  const kernel = (a: Value, b: Value) =>
    SCALES.map((scale) => {
      const c = scalar(2 * size * scale);
      return div(c, add(c, squaredDistances(a, b)));
    }).reduce(add);
  return sub(
    add(meanOfPairs(kernel(codes, codes)), meanOfPairs(kernel(prior, prior))),
    mul(scalar(2), reduceMean(kernel(codes, prior))),
  );
}

/** `[N, N]`; not below 0, whatever rounding does. */
function squaredDistances(a: Value, b: Value): Value {
  const lengths = (x: Value) => reduceSum(square(x), [1]);
  const sums = add(unsqueeze(lengths(a), [1]), unsqueeze(lengths(b), [0]));
  return clip(sub(sums, mul(scalar(2), gemm(a, b, { transB: true }))), { min: 0 });
}

/** The mean of `[N, N]` without its diagonal; 0 for a single row. */
function meanOfPairs(values: Value): Value {
  const off = sub(scalar(1), eyeLike(values));
  const pairs = clip(sub(elementCount(values), reduceSum(eyeLike(values))), { min: 1 });
  return div(reduceSum(mul(values, off)), pairs);
}
