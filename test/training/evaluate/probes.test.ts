import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../shared/tensor.ts';
import { linearValues } from '../../../training/estimators/linear.ts';
import { fitLogistic } from '../../../training/estimators/logistic.ts';
import { fitRidge } from '../../../training/estimators/ridge.ts';
import { accuracy, logLoss, meanAbsoluteError, rocAuc } from '../../../training/estimators/scores.ts';
import { fitSoftmax } from '../../../training/estimators/softmaxRegression.ts';
import scikitLearn from '../../support/training/sklearnPredictors.json' with { type: 'json' };

const { trainRows, target, classes } = scikitLearn;
const train = matrix(scikitLearn.rows.slice(0, trainRows));
const test = matrix(scikitLearn.rows.slice(trainRows));

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { data: Float32Array.from(rows.flat()), rowCount: rows.length, width: rows[0]!.length };
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `value ${i}`).toBeLessThanOrEqual(tolerance);
  });
}

describe('ridge regression', () => {
  it.each(scikitLearn.ridge)("gives scikit-learn's weights, alpha $alpha", (expected) => {
    const { weights, intercept } = fitRidge(train, target.slice(0, trainRows), expected.alpha);
    expectClose(weights, expected.weights, 1e-10);
    expect(intercept).toBeCloseTo(expected.intercept, 10);
  });

  it('loses no precision for columns far from 0', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [1e6 + i, -3e5 + ((i * 7) % 11)]);
    const targets = rows.map(([a, b]) => 2 * (a! - 1e6) - (b! + 3e5));
    const values = linearValues(fitRidge(matrix(rows), targets, 1e-6), matrix(rows));
    expectClose(values, targets, 1e-4);
  });
});

describe('logistic regression', () => {
  it.each(scikitLearn.logistic)("gives scikit-learn's weights, strength $strength", (expected) => {
    const model = fitLogistic(train, classes.slice(0, trainRows), expected.strength);
    expectClose(model.weights, expected.weights, 1e-6);
    expect(model.intercept).toBeCloseTo(expected.intercept, 6);
    expect(rocAuc(linearValues(model, test), classes.slice(trainRows))).toBeCloseTo(expected.rocAuc, 12);
  });

  it('stays finite if a column separates the classes', () => {
    const rows = matrix(Array.from({ length: 20 }, (_, i) => [i - 9.5, 0]));
    const labels = Array.from({ length: 20 }, (_, i) => Number(i >= 10));
    const model = fitLogistic(rows, labels, 1e6);
    expect(rocAuc(linearValues(model, rows), labels)).toBe(1);
    expect(model.weights.every(Number.isFinite)).toBe(true);
  });
});

describe('multinomial logistic regression', () => {
  const { kinds } = scikitLearn;

  it.each(scikitLearn.multinomial)(
    "gives scikit-learn's weights and probabilities, strength $strength",
    async (expected) => {
      const fitted = await fitSoftmax(train, kinds.slice(0, trainRows), 3, expected.strength);
      fitted.forEach(({ weights }, kind) => {
        expectClose(weights, expected.weights[kind]!, 2e-3);
      });
      const scores = fitted.map((each) => linearValues(each, test));
      const probabilities = matrix(
        Array.from({ length: test.rowCount }, (_, row) => {
          const odds = scores.map((each) => Math.exp(each[row]!));
          return odds.map((each) => each / odds.reduce((a, b) => a + b));
        }),
      );
      expectClose(probabilities.data, expected.probabilities.flat(), 1e-4);
      expect(accuracy(probabilities, kinds.slice(trainRows))).toBeCloseTo(expected.accuracy, 12);
      expect(logLoss(probabilities, kinds.slice(trainRows))).toBeCloseTo(expected.logLoss, 4);
    },
  );

  it.each(scikitLearn.logistic)(
    'is logistic regression for two classes, at half the strength: $strength',
    async (expected) => {
      const [first, second] = await fitSoftmax(train, classes.slice(0, trainRows), 2, expected.strength / 2);
      expectClose(
        second!.weights.map((weight, c) => weight - first!.weights[c]!),
        expected.weights,
        2e-3,
      );
    },
  );

  it('stays finite for a class that no row has, and if a column separates the classes', async () => {
    const rows = matrix(Array.from({ length: 30 }, (_, i) => [i - 14.5]));
    const labels = Array.from({ length: 30 }, (_, i) => 2 * Number(i >= 15));
    const scores = (await fitSoftmax(rows, labels, 3, 1e4)).map((each) => linearValues(each, rows));
    labels.forEach((label, row) => {
      const of = scores.map((each) => each[row]!);
      expect(of.every(Number.isFinite)).toBe(true);
      expect(of.indexOf(Math.max(...of))).toBe(label);
    });
  });
});

describe('metrics', () => {
  it('count a class that is not among the known ones as wrong, with almost no probability', () => {
    const probabilities = matrix([
      [0.25, 0.75],
      [1, 0],
      [0.5, 0.5],
    ]);
    expect(accuracy(probabilities, [1, 0, 0])).toBe(1);
    expect(accuracy(probabilities, [1, -1, 1])).toBeCloseTo(1 / 3, 12);
    expect(logLoss(matrix([[0.25, 0.75]]), [1])).toBeCloseTo(-Math.log(0.75), 12);
    expect(logLoss(matrix([[1, 0]]), [1])).toBeCloseTo(23 * Math.LN2, 12);
    expect(logLoss(matrix([[1, 0]]), [-1])).toBeCloseTo(23 * Math.LN2, 12);
  });

  it("give scikit-learn's ROC AUC of tied scores, and mean absolute error", () => {
    expect(rocAuc(scikitLearn.tied.scores, classes)).toBeCloseTo(scikitLearn.tied.rocAuc, 12);
    const first = scikitLearn.rows.map(([value]) => value!);
    expect(meanAbsoluteError(first, target)).toBeCloseTo(scikitLearn.meanAbsoluteError, 12);
  });

  it('reach both ends of ROC AUC', () => {
    expect(rocAuc([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(rocAuc([1, 2, 3, 4], [1, 1, 0, 0])).toBe(0);
    expect(rocAuc([5, 5, 5, 5], [1, 0, 0, 1])).toBe(0.5);
    expect(rocAuc([1, 2], [1, 1])).toBeNaN();
    expect(rocAuc([Number.NaN, 2], [0, 1])).toBe(1);
  });
});
