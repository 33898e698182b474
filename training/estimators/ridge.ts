/** Ridge regression: least squares with an L2 penalty (Hoerl & Kennard, 1970), in closed form. */
import type { Matrix } from '../../shared/tensor.ts';
import { featureStatistics } from '../data/statistics.ts';
import { type Linear, productSums, solveSymmetric } from './linear.ts';
import { mean } from './scores.ts';

/**
 * Minimises the sum of (target - weights x - intercept)^2 + `alpha` |weights|^2, like scikit-learn's `Ridge`.
 * `alpha` must be above 0. The cost is rows x columns^2.
 */
export function fitRidge(rows: Matrix, targets: ArrayLike<number>, alpha = 1): Linear {
  const { data, width } = rows;
  const centre = featureStatistics(rows).mean;
  const middle = mean(targets);
  const centred = Float64Array.from(targets, (target) => target - middle);
  const { gram, moments } = productSums(
    rows,
    (row, into) => {
      for (let c = 0; c < width; c++) into[c] = data[row * width + c]! - centre[c]!;
    },
    centred,
  );
  for (let c = 0; c < width; c++) gram.set(c, c, gram.get(c, c) + alpha);
  const weights = solveSymmetric(gram, moments);
  const intercept = weights.reduce((left, weight, c) => left - weight * centre[c]!, middle);
  return { weights, intercept };
}
