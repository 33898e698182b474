import { describe, expect, it } from 'vitest';
import { meanAbsoluteError } from '../../../training/estimators/scores.ts';
import { solveRegression } from '../../../training/estimators/smo.ts';
import { fitSupportVectors } from '../../../training/estimators/supportVectors.ts';
import scikitLearn from '../../support/training/sklearnPredictors.json' with { type: 'json' };
import { matrix, predictions } from '../../support/training/supportVectors.ts';

const { trainRows, svr } = scikitLearn;
const train = matrix(scikitLearn.rows.slice(0, trainRows));
const test = matrix(scikitLearn.rows.slice(trainRows));
const targets = scikitLearn.target.slice(0, trainRows);

describe('support vector regression', () => {
  it("gives scikit-learn's support vectors and predictions", async () => {
    const fitted = fitSupportVectors(train, targets);
    expect(fitted.gamma).toBeCloseTo(svr.gamma, 10);
    const expected = matrix(svr.support.map((row) => scikitLearn.rows[row]!));
    expect(fitted.vectors).toEqual(expected);
    // Both stop once the conditions hold to within 0.001.
    svr.coefficients.forEach((value, i) => {
      expect(fitted.coefficients[i]).toBeCloseTo(value, 2);
    });
    expect(fitted.intercept).toBeCloseTo(svr.intercept, 3);
    const predicted = await predictions(fitted, test);
    expect(meanAbsoluteError(predicted, svr.predictions)).toBeLessThan(1e-3);
  });

  it('meets the optimality conditions', () => {
    const [cost, epsilon, tolerance] = [2, 0.05, 1e-6];
    const rows = targets.map((_, i) =>
      targets.map((_, j) => Math.exp(-((scikitLearn.rows[i]![0]! - scikitLearn.rows[j]![0]!) ** 2))),
    );
    const kernel = (row: number) => rows[row]!;
    const solution = solveRegression({ targets, kernel, cost, epsilon, tolerance });
    const { coefficients, intercept } = solution;
    expect(coefficients.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
    targets.forEach((target, i) => {
      const predicted = kernel(i).reduce((sum, value, j) => sum + value * coefficients[j]!, intercept);
      const [error, coefficient] = [target - predicted, coefficients[i]!];
      // Rows inside the tube have coefficient 0, rows outside the largest one; the others lie on its edge.
      if (coefficient === 0) expect(Math.abs(error)).toBeLessThanOrEqual(epsilon + tolerance);
      else if (Math.abs(coefficient) === cost)
        expect(Math.sign(coefficient) * error).toBeGreaterThanOrEqual(epsilon - tolerance);
      else expect(Math.abs(Math.sign(coefficient) * error - epsilon)).toBeLessThanOrEqual(tolerance);
    });
  });

  it('predicts the middle if no row is outside the tube, and if all rows are equal', async () => {
    const flat = fitSupportVectors(train, new Array<number>(trainRows).fill(3));
    expect([flat.coefficients.length, flat.intercept]).toEqual([0, 3]);
    const same = { ...train, data: new Float32Array(train.data.length).fill(2) };
    const [low, high] = [Math.min(...targets), Math.max(...targets)];
    const { intercept } = fitSupportVectors(same, targets);
    expect(intercept).toBeGreaterThan(low);
    expect(intercept).toBeLessThan(high);
  });
});
