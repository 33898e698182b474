/** Linear functions that are fitted to columns of comparable size. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Linear } from './linear.ts';
import { featureStatistics } from './statistics.ts';

/**
 * What `fit` makes of the columns less their mean, by their standard deviation, as a function of the columns as they are:
 * so that a penalty on the weights treats all alike. Columns that are constant get no weight.
 */
export function fitStandardised(rows: Matrix, fit: (rows: Matrix) => Linear): Linear {
  const { data, width } = rows;
  const { mean, standardDeviation } = featureStatistics(rows);
  const factor = standardDeviation.map((deviation) => (deviation === 0 ? 0 : 1 / deviation));
  const scaled = data.map((value, i) => (value - mean[i % width]!) * factor[i % width]!);
  const fitted = fit({ ...rows, data: scaled });
  const weights = fitted.weights.map((weight, c) => weight * factor[c]!);
  return {
    weights,
    intercept: weights.reduce((left, weight, c) => left - weight * mean[c]!, fitted.intercept),
  };
}
