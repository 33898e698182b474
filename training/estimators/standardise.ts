/** Standardised columns, and linear functions fitted to them. */
import type { Matrix } from '../../shared/tensor.ts';
import { featureStatistics } from '../data/statistics.ts';
import type { Linear } from './linear.ts';

export interface StandardisedRows {
  /** Columns minus their mean, divided by their standard deviation; constant columns become 0. */
  readonly rows: Matrix;
  /** Standardises other rows in the same way. */
  readonly standardised: (rows: Matrix) => Matrix;
  /**
   * Converts a function of the standardised columns to one of the original columns; constant ones get weight
   * 0.
   */
  readonly back: (fitted: Linear) => Linear;
}

export function standardise(rows: Matrix): StandardisedRows {
  const { width } = rows;
  const { mean, standardDeviation } = featureStatistics(rows);
  const factor = standardDeviation.map((deviation) => (deviation === 0 ? 0 : 1 / deviation));
  const standardised = (others: Matrix) => ({
    ...others,
    data: others.data.map((value, i) => (value - mean[i % width]!) * factor[i % width]!),
  });
  return {
    rows: standardised(rows),
    standardised,
    back: (fitted) => {
      const weights = fitted.weights.map((weight, c) => weight * factor[c]!);
      const intercept = weights.reduce((left, weight, c) => left - weight * mean[c]!, fitted.intercept);
      return { weights, intercept };
    },
  };
}

/** Fits to standardised columns, so that a penalty on the weights treats all columns alike. */
export function fitStandardised(rows: Matrix, fit: (rows: Matrix) => Linear): Linear {
  const { rows: scaled, back } = standardise(rows);
  return back(fit(scaled));
}
