/** Linear functions that are fitted to columns of comparable size. */
import type { Matrix } from '../../shared/tensor.ts';
import { featureStatistics } from '../data/statistics.ts';
import type { Linear } from './linear.ts';

export interface StandardisedRows {
  /** The columns less their mean, by their standard deviation; those that are constant are 0. */
  readonly rows: Matrix;
  /** A function of these as one of the columns as they are; constant ones get no weight. */
  readonly back: (fitted: Linear) => Linear;
}

export function standardise(rows: Matrix): StandardisedRows {
  const { data, width } = rows;
  const { mean, standardDeviation } = featureStatistics(rows);
  const factor = standardDeviation.map((deviation) => (deviation === 0 ? 0 : 1 / deviation));
  const scaled = data.map((value, i) => (value - mean[i % width]!) * factor[i % width]!);
  return {
    rows: { ...rows, data: scaled },
    back: (fitted) => {
      const weights = fitted.weights.map((weight, c) => weight * factor[c]!);
      const intercept = weights.reduce((left, weight, c) => left - weight * mean[c]!, fitted.intercept);
      return { weights, intercept };
    },
  };
}

/** What `fit` makes of standardised columns, so that a penalty on the weights treats all alike. */
export function fitStandardised(rows: Matrix, fit: (rows: Matrix) => Linear): Linear {
  const { rows: scaled, back } = standardise(rows);
  return back(fit(scaled));
}
