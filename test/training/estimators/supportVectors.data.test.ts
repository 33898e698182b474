import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readTable } from '../../../training/data/read.ts';
import type { NumberColumn } from '../../../training/data/table.ts';
import { meanAbsoluteError } from '../../../training/estimators/scores.ts';
import { fitSupportVectors } from '../../../training/estimators/supportVectors.ts';
import { realData } from '../../support/data/realData.ts';
import { matrix, predictions } from '../../support/training/supportVectors.ts';

it('support vector regression has the 201 support vectors and the error of scikit-learn on make-regression', async () => {
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
