import { expect, it } from 'vitest';
import { beatenBy } from '../../../training/report/beatenBy.ts';

const area = (value: number) => ({ 'roc-auc': value });

it('names the best of the baselines that are better at the task', () => {
  const baselines = { knn: area(0.92), mahalanobis: area(0.95), distance: area(0.8), pca: { mse: 1 } };
  expect(beatenBy({ metrics: area(0.9), baselines })).toEqual({
    name: 'mahalanobis',
    metric: 'roc-auc',
    does: 'detects more anomalies',
    value: 0.95,
    own: 0.9,
  });
  expect(
    beatenBy({ metrics: { 'recall@10': 0.5, mse: 2 }, baselines: { pca: { 'recall@10': 0.6, mse: 1 } } }),
  ).toMatchObject({ name: 'pca', does: 'keeps more neighbours', value: 0.6, own: 0.5 });
});

it('names none if the model is as good, if there are no labels, or for its own members', () => {
  expect(beatenBy({ metrics: area(0.95), baselines: { mahalanobis: area(0.95) } })).toBeUndefined();
  expect(beatenBy({ metrics: { mse: 1 }, baselines: { pca: { mse: 0.5 } } })).toBeUndefined();
  expect(beatenBy({ metrics: area(0.9), baselines: { neighbours: area(0.99) } })).toBeUndefined();
});
