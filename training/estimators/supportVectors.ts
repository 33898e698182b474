/** Support vector regression with an RBF kernel (Drucker et al., 1997). */
import type { Matrix } from '../../shared/tensor.ts';
import { pickRows } from '../data/batches.ts';
import { rbfKernel } from './kernel.ts';
import { mean } from './scores.ts';
import { solveRegression } from './smo.ts';

/** Prediction = intercept + the sum of coefficients[i] exp(-gamma |x - vectors[i]|^2). */
export interface SupportVectors {
  readonly vectors: Matrix;
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly gamma: number;
}

/** The defaults of scikit-learn's `SVR`. */
const DEFAULTS = { cost: 1, epsilon: 0.1, tolerance: 1e-3 };

/**
 * Fits like scikit-learn's `SVR()` with its defaults: C = 1, epsilon = 0.1, gamma = 1 / (columns x variance
 * of all values). Targets should span about 1. The cost grows at least with the square of the number of rows.
 */
export function fitSupportVectors(rows: Matrix, targets: ArrayLike<number>): SupportVectors {
  const gamma = gammaOf(rows);
  const { coefficients, intercept } = solveRegression({
    targets,
    kernel: rbfKernel(rows, gamma),
    ...DEFAULTS,
  });
  const supporting = Uint32Array.from(coefficients.keys()).filter((row) => coefficients[row] !== 0);
  return {
    vectors: pickRows(rows, supporting),
    coefficients: coefficients.filter((value) => value !== 0),
    intercept,
    gamma,
  };
}

/** Returns scikit-learn's `gamma='scale'`; 1 if all values are equal. */
function gammaOf({ data, width }: Matrix): number {
  const middle = mean(data);
  let squares = 0;
  for (const value of data) squares += (value - middle) ** 2;
  return squares === 0 ? 1 : data.length / (width * squares);
}
