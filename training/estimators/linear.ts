/** Linear functions of rows, and what fitting them takes: sums of products in float64. */
import { CholeskyDecomposition, Matrix as DoubleMatrix } from 'ml-matrix';
import type { Matrix } from '../../shared/tensor.ts';

/** `intercept` + the sum of each row's values times `weights`. */
export interface Linear {
  readonly weights: Float64Array;
  readonly intercept: number;
}

export function linearValues(
  { weights, intercept }: Linear,
  { data, rowCount, width }: Matrix,
): Float64Array {
  const values = new Float64Array(rowCount);
  for (let r = 0; r < rowCount; r++) {
    let sum = intercept;
    for (let c = 0; c < width; c++) sum += weights[c]! * data[r * width + c]!;
    values[r] = sum;
  }
  return values;
}

/**
 * The products of the columns with each other and with `targets`, summed over rows that `rowOf` writes into a buffer of
 * `width`, each times its weight (1 by default).
 */
export function productSums(
  { rowCount, width }: Pick<Matrix, 'rowCount' | 'width'>,
  rowOf: (row: number, into: Float64Array) => void,
  targets: ArrayLike<number>,
  weights?: ArrayLike<number>,
): { readonly gram: DoubleMatrix; readonly moments: DoubleMatrix } {
  const sums = new Float64Array(width * width);
  const moments = new Float64Array(width);
  const values = new Float64Array(width);
  for (let r = 0; r < rowCount; r++) {
    rowOf(r, values);
    const weight = weights?.[r] ?? 1;
    for (let a = 0; a < width; a++) {
      const value = values[a]!;
      moments[a]! += value * targets[r]!;
      const weighted = value * weight;
      // The lower half; the upper one is its mirror image.
      for (let b = 0; b <= a; b++) sums[a * width + b]! += weighted * values[b]!;
    }
  }
  const gram = DoubleMatrix.zeros(width, width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      gram.set(a, b, sums[a * width + b]!);
      gram.set(b, a, sums[a * width + b]!);
    }
  }
  return { gram, moments: DoubleMatrix.columnVector(moments) };
}

/** The solution x of `matrix` x = `right` for a symmetric positive definite matrix. */
export function solveSymmetric(matrix: DoubleMatrix, right: DoubleMatrix): Float64Array {
  return Float64Array.from(new CholeskyDecomposition(matrix).solve(right).to1DArray());
}
