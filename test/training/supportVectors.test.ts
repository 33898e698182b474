import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../shared/tensor.ts';
import { readTable } from '../../training/data/read.ts';
import type { NumberColumn } from '../../training/data/table.ts';
import { openNative } from '../../training/engines/inference.ts';
import { meanAbsoluteError } from '../../training/estimators/scores.ts';
import { solveRegression } from '../../training/estimators/smo.ts';
import { fitSupportVectors, type SupportVectors } from '../../training/estimators/supportVectors.ts';
import { toOnnx } from '../../training/graph/onnx.ts';
import { svmRegressor } from '../../training/graph/ops/svmRegressor.ts';
import { input } from '../../training/graph/value.ts';
import { realData } from '../support/data.ts';
import scikitLearn from '../support/sklearnPredictors.json' with { type: 'json' };

const { trainRows, svr } = scikitLearn;
const train = matrix(scikitLearn.rows.slice(0, trainRows));
const test = matrix(scikitLearn.rows.slice(trainRows));
const targets = scikitLearn.target.slice(0, trainRows);

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { data: Float32Array.from(rows.flat()), rowCount: rows.length, width: rows[0]!.length };
}

/** Predictions of the exported operator. */
async function predictions({ vectors, ...fitted }: SupportVectors, rows: Matrix): Promise<Float32Array> {
  const from = input('rows', ['N', rows.width]);
  const prediction = svmRegressor(from, { ...fitted, vectors: vectors.data });
  const model = await openNative(toOnnx({ name: 'svr', inputs: [from], outputs: { prediction } }));
  const outputs = await model.run(rows);
  await model.release();
  return outputs.prediction!;
}

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

  it('has the 201 support vectors and the error of scikit-learn on make-regression', async () => {
    const { columns } = await readTable(realData('make-regression/data.csv'));
    const indices = JSON.parse(readFileSync(realData('make-regression/split.json'), 'utf8'));
    const scaled = (columns as readonly NumberColumn[]).map(({ values }) => {
      const known = indices.train.map((row: number) => values[row]!);
      const [low, high] = [Math.min(...known), Math.max(...known)];
      return { values: values.map((value) => (value - low) / (high - low)), low, high };
    });
    const target = scaled.pop()!;
    const rowsOf = (part: readonly number[]) => matrix(part.map((row) => scaled.map((c) => c.values[row]!)));
    const fitted = fitSupportVectors(
      rowsOf(indices.train),
      indices.train.map((row: number) => target.values[row]!),
    );
    expect(fitted.coefficients.length).toBe(201);
    expect(fitted.gamma).toBeCloseTo(0.37078, 5);
    const predicted = await predictions(fitted, rowsOf(indices.test));
    const actual = indices.test.map((row: number) => target.values[row]!);
    const error = meanAbsoluteError(predicted, actual) * (target.high - target.low);
    expect(error).toBeCloseTo(89.5108, 2);
  });
});
