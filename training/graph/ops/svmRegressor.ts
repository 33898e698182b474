/** `SVMRegressor`: support vector regression with an RBF kernel. */
import type { Op, Value } from '../types.ts';
import { apply, float32, shapeError } from '../value.ts';
import { requireFloat32 } from './shapeRules.ts';

/**
 * ONNX ML `SVMRegressor`: rho + the sum of coefficients[i] exp(-gamma |x - support_vectors[i]|^2), `[N, 1]`.
 */
export const svmRegressorOp: Op = {
  type: 'SVMRegressor',
  domain: 'ai.onnx.ml',
  attributes: {
    coefficients: 'floats',
    kernel_params: 'floats',
    kernel_type: 'string',
    n_supports: 'int',
    rho: 'floats',
    support_vectors: 'floats',
  },
  infer: ([x], { support_vectors, n_supports }) => {
    requireFloat32('SVMRegressor', [x!]);
    const width = (support_vectors as readonly number[]).length / (n_supports as number);
    if (x!.shape.length !== 2 || x!.shape[1] !== width)
      throw shapeError('SVMRegressor', `needs rows of ${width} features, like the support vectors`, [x!]);
    return float32([x!.shape[0]!, 1]);
  },
  // Fitted after training: nothing is trained through it.
  gradient: null,
  kernel: (tf, [x], attributes) => {
    const { coefficients, kernel_params, support_vectors, n_supports: count, rho } = attributes;
    const vectors = tf.tensor2d(support_vectors as number[], [count as number, x!.shape[1]!]);
    const products = tf.matMul(x as typeof vectors, vectors, false, true);
    const squares = tf.add(tf.sum(tf.square(x!), 1, true), tf.sum(tf.square(vectors), 1));
    const distances = tf.sub(squares, tf.mul(products, 2));
    const kernel = tf.exp(tf.mul(distances, -(kernel_params as readonly number[])[0]!));
    const weighted = tf.matMul(
      kernel as typeof vectors,
      tf.tensor2d(coefficients as number[], [count as number, 1]),
    );
    return [tf.add(weighted, (rho as readonly number[])[0]!)];
  },
};

export interface SvmRegressorOptions {
  /** Support vectors, row-major, each as wide as a row. */
  readonly vectors: ArrayLike<number>;
  readonly coefficients: ArrayLike<number>;
  readonly intercept: number;
  readonly gamma: number;
}

/**
 * Predicts `[N, 1]` from rows `[N, width]`: intercept + the sum of
 * coefficients[i] exp(-gamma |row - vectors[i]|^2).
 */
export function svmRegressor(x: Value, options: SvmRegressorOptions): Value {
  const { vectors, coefficients, intercept, gamma } = options;
  return apply(svmRegressorOp, [x], {
    coefficients: Array.from(coefficients),
    // gamma; the other two belong to other kernels.
    kernel_params: [gamma, 0, 0],
    kernel_type: 'RBF',
    n_supports: coefficients.length,
    rho: [intercept],
    support_vectors: Array.from(vectors),
  });
}
