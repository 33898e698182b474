/** Logistic regression with an L2 penalty, by Newton's method. */
import { Matrix as DoubleMatrix } from 'ml-matrix';
import type { Matrix } from '../../shared/tensor.ts';
import { type Linear, linearValues, productSums, solveSymmetric } from './linear.ts';

const MAX_ITERATIONS = 100;
/** Predicted decrease of a step, relative to the loss, below which float64 resolves none. */
const CONVERGED = 1e-14;

/**
 * Fits the log-odds of class 1 as a linear function: minimises `strength` x the sum of the log losses +
 * |weights|^2 / 2, like scikit-learn's `LogisticRegression` with `C = strength`. `classes` are 0 or 1, and
 * both must occur; columns should have comparable scales. The cost is rows x columns^2 for each of about ten
 * steps.
 */
export function fitLogistic(rows: Matrix, classes: ArrayLike<number>, strength = 1): Linear {
  const { data, width, rowCount } = rows;
  let model: Linear = { weights: new Float64Array(width), intercept: 0 };
  let loss = penalisedLoss(model, rows, classes, strength);
  // The intercept is the weight of an extra column of ones, and is not penalised.
  const columns = { rowCount, width: width + 1 };
  const rowOf = (row: number, into: Float64Array) => {
    into.set(data.subarray(row * width, (row + 1) * width));
    into[width] = 1;
  };
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const chances = linearValues(model, rows).map(probabilityOf);
    const { gram: hessian, moments: gradient } = productSums(
      columns,
      rowOf,
      chances.map((chance, r) => strength * (chance - classes[r]!)),
      chances.map((chance) => strength * chance * (1 - chance)),
    );
    for (let c = 0; c < width; c++) {
      hessian.set(c, c, hessian.get(c, c) + 1);
      gradient.set(c, 0, gradient.get(c, 0) + model.weights[c]!);
    }
    const step = solveSymmetric(hessian, gradient);
    const promised = DoubleMatrix.columnVector(step).dot(gradient) / 2;
    if (promised <= CONVERGED * loss) return model;
    const next = descend(model, step, (candidate) => penalisedLoss(candidate, rows, classes, strength), loss);
    if (next === undefined) return model;
    ({ model, loss } = next);
  }
  return model;
}

/** Halves the step until it lowers the loss; undefined if rounding hides every decrease. */
function descend(
  { weights, intercept }: Linear,
  step: Float64Array,
  lossAt: (model: Linear) => number,
  loss: number,
): { model: Linear; loss: number } | undefined {
  for (let scale = 1; scale > 1e-10; scale /= 2) {
    const model = {
      weights: weights.map((weight, c) => weight - scale * step[c]!),
      intercept: intercept - scale * step.at(-1)!,
    };
    const lower = lossAt(model);
    if (lower < loss) return { model, loss: lower };
  }
  return undefined;
}

function penalisedLoss(model: Linear, rows: Matrix, classes: ArrayLike<number>, strength: number): number {
  let loss = model.weights.reduce((sum, weight) => sum + weight * weight, 0) / 2;
  linearValues(model, rows).forEach((odds, r) => {
    const against = classes[r] === 1 ? -odds : odds;
    // log(1 + exp(x)) without overflow
    loss += strength * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against))));
  });
  return loss;
}

function probabilityOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
