import { describe, expect, it } from 'vitest';
import { keyFigure, short } from '../../../edge/playground/model.ts';
import type { ModelDescription } from '../../../shared/api.ts';

const figureOf = (metrics: Record<string, number>, baselines: Record<string, Record<string, number>>) =>
  keyFigure({ metrics, baselines } as unknown as ModelDescription);

describe('the figure of a card', () => {
  it('has the best method that is not a part of the score itself next to it', () => {
    const baselines = { pca: { 'roc-auc': 0.8 }, knn: { 'roc-auc': 0.85 }, deviation: { 'roc-auc': 0.95 } };
    expect(figureOf({ mse: 1, 'roc-auc': 0.9 }, baselines)).toEqual({
      ...{ metric: 'roc-auc', value: 0.9 },
      baseline: { name: 'knn', value: 0.85 },
    });
  });

  it('does not compare with a PCA that copies the rows', () => {
    const baselines = { pca: { mse: 1e-14 }, mean: { mse: 0.4 }, untrained: { mse: 0.6 } };
    expect(figureOf({ mse: 0.3 }, baselines)?.baseline).toEqual({ name: 'mean', value: 0.4 });
  });

  it('takes the smallest error for the best', () => {
    const baselines = { pca: { mse: 0.2 }, mean: { mse: 0.4 }, untrained: { mse: 0.1 } };
    expect(figureOf({ mse: 0.3 }, baselines)?.baseline).toEqual({ name: 'pca', value: 0.2 });
  });
});

it.each([
  [0, '0'],
  [0.123456, '0.123'],
  [-17.04, '-17'],
  [1017.65, '1,017.7'],
  [60_000, '60,000'],
  [123_456.7, '123,457'],
  [1e6, '1.00e+6'],
  [0.00001234, '1.23e-5'],
])('%f is shown to people as %s', (value, text) => {
  expect(short(value)).toBe(text);
});
