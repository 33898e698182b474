/** Multinomial logistic regression with an L2 penalty, by L-BFGS; products with the data run natively. */
import { type Matrix, type NumberTensor, tensorOf } from '../../shared/tensor.ts';
import { batches, rowsPerBatch } from '../data/batches.ts';
import { type InferenceModel, openNative } from '../engines/inference.ts';
import { toOnnx } from '../graph/onnx.ts';
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { exp, logSoftmax } from '../graph/ops/exponentials.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { oneHot } from '../graph/ops/oneHot.ts';
import { input } from '../graph/value.ts';
import { minimise, type Objective } from './lbfgs.ts';
import type { Linear } from './linear.ts';

/** Tolerance of the gradient per row: about the smallest value that float32 distinguishes from 0. */
const TOLERANCE = 1e-6;
const BATCH = 4096;

/**
 * Fits one linear function per class, whose softmax gives the probabilities: minimises `strength` x the sum
 * of the log losses + |weights|^2 / 2, like scikit-learn's `LogisticRegression` with `C = strength` for three
 * or more classes. `classes` are in [0, `count`); columns should have comparable scales.
 */
export async function fitSoftmax(
  rows: Matrix,
  classes: ArrayLike<number>,
  count: number,
  strength = 1,
): Promise<Linear[]> {
  const { width, rowCount } = rows;
  const model = await openNative(lossModel(width, count));
  try {
    const fitted = await minimise(
      penalisedObjective(model, rows, classes, strength),
      new Float64Array((width + 1) * count),
      TOLERANCE * strength * rowCount,
    );
    return Array.from({ length: count }, (_, k) => ({
      weights: Float64Array.from({ length: width }, (_, c) => fitted[c * count + k]!),
      intercept: fitted[width * count + k]!,
    }));
  } finally {
    await model.release();
  }
}

/** Returns the ONNX model of each row's log-likelihood and the gradient of their summed loss. */
function lossModel(width: number, count: number): Uint8Array {
  const rows = input('rows', ['N', width]);
  const classes = input('classes', ['N'], 'int64');
  const weights = input('weights', [width, count]);
  const bias = input('bias', [count]);
  const logarithms = logSoftmax(gemm(rows, weights, { bias }));
  const own = oneHot(classes, count);
  const off = sub(exp(logarithms), own);
  return toOnnx({
    name: 'softmax_regression',
    inputs: [rows, classes, weights, bias],
    outputs: {
      log_likelihood: reduceSum(mul(own, logarithms), [1]),
      by_weights: gemm(rows, off, { transA: true }),
      by_bias: reduceSum(off, [0]),
    },
  });
}

/**
 * The penalised loss as a function of the weights `[width, count]`, followed by the unpenalised intercepts
 * `[count]`.
 */
function penalisedObjective(
  model: InferenceModel,
  rows: Matrix,
  classes: ArrayLike<number>,
  strength: number,
): Objective {
  const { width } = rows;
  const all = BigInt64Array.from({ length: rows.rowCount }, (_, row) => BigInt(classes[row]!));
  return async (x, gradient) => {
    const count = x.length / (width + 1);
    const single = Float32Array.from(x);
    const vector = (data: Float32Array, ...shape: number[]): NumberTensor => ({
      dtype: 'float32',
      data,
      shape,
    });
    const weights = vector(single.subarray(0, width * count), width, count);
    const bias = vector(single.subarray(width * count), count);
    let loss = 0;
    gradient.fill(0);
    let start = 0;
    for (const batch of batches(rows, rowsPerBatch(width, BATCH))) {
      const data = all.subarray(start, start + batch.rowCount);
      const answers = await model.runTensors({
        rows: tensorOf(batch),
        classes: { dtype: 'int64', data, shape: [batch.rowCount] },
        weights,
        bias,
      });
      start += batch.rowCount;
      // Summed in float64: over all rows, float32 would lose more than the last steps gain.
      for (const each of answers.log_likelihood!.data) loss -= strength * Number(each);
      [...answers.by_weights!.data, ...answers.by_bias!.data].forEach((slope, i) => {
        gradient[i]! += strength * Number(slope);
      });
    }
    for (let i = 0; i < width * count; i++) {
      loss += x[i]! ** 2 / 2;
      gradient[i]! += x[i]!;
    }
    return loss;
  };
}
