/** Linear functions of rows, and the float64 sums of products used to fit them. */
import { CholeskyDecomposition, Matrix as DoubleMatrix } from 'ml-matrix';
import type { Matrix } from '../../shared/tensor.ts';

/** A row's value is `intercept` + the dot product of its features and `weights`. */
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
 * Sums over rows the products of the columns with each other (`gram`, `[width, width]`) and with `targets`
 * (`moments`, `[width, 1]`). `rowOf` writes a row into a buffer of `width` values. `weights`, 1 by default,
 * apply to `gram` only.
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
      // The lower triangle; the upper one mirrors it.
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

/** Solves `matrix` x = `right` for a symmetric positive definite matrix. */
export function solveSymmetric(matrix: DoubleMatrix, right: DoubleMatrix): Float64Array {
  return Float64Array.from(new CholeskyDecomposition(matrix).solve(right).to1DArray());
}
