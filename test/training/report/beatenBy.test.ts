import { expect, it } from 'vitest';
import { beatenBy, beatenText } from '../../../training/report/beatenBy.ts';

const detects = (area: number, precision: number) => ({ 'roc-auc': area, 'average-precision': precision });

it('names every baseline that is better in a metric of the task, with all of them', () => {
  const baselines = {
    ...{ knn: detects(0.9986, 0.9), mahalanobis: detects(0.99996, 0.996), distance: detects(0.9, 0.5) },
    ...{ 'isolation-forest': detects(0.9, 0.83), pca: { mse: 1 } },
  };
  const beaten = beatenBy({ metrics: detects(0.9982, 0.825), baselines })!;
  expect(beaten.does).toBe('detect more anomalies');
  expect(beaten.better.map(({ name }) => name)).toEqual(['mahalanobis', 'knn', 'isolation-forest']);
  expect(beaten.compared).toBe(4);
  expect(beatenText(beaten, { codeSize: 2 })).toMatch(
    /^Mahalanobis distance has ROC AUC 99\.996 %, average precision 99\.60 %; kNN, 5th nearest row has ROC AUC 99\.86 %, .*; this model has ROC AUC 99\.82 %, average precision 82\.50 %; no command serves these/,
  );
  const ranks = (ndcg: number, recall: number) => ({ 'ndcg@100': ndcg, 'recall@20': recall });
  const shop = {
    metrics: ranks(0.309, 0.285),
    baselines: { ease: ranks(0.347, 0.305), popularity: ranks(0.22, 0.19) },
  };
  expect(beatenText(beatenBy(shop)!, { codeSize: 2 })).toMatch(
    /^EASE has ndcg@100 34\.70 %, recall@20 30\.50 %; this model has ndcg@100 30\.90 %, recall@20 28\.50 %; .* compare the recipes/,
  );
  const nearest = { metrics: { 'recall@10': 0.5, mse: 2 }, baselines: { pca: { 'recall@10': 0.6, mse: 1 } } };
  expect(beatenText(beatenBy(nearest)!, { codeSize: 2 })).toMatch(
    /^PCA, 2 components has recall@10 60\.00 %; this model has recall@10 50\.00 %;/,
  );
});

it('compares predictions where there are no labels, else errors, of which the smaller is better', () => {
  const metrics = { mse: 1, 'svr-mae': 0.5, 'ridge-mae': 0.1 };
  const baselines = {
    pca: { mse: 0.5, 'svr-mae': 0.6 },
    'all-columns': { 'svr-mae': 0.4 },
    mean: { mse: 2 },
  };
  const prediction = { target: 'price', predictor: 'svr' };
  const predicts = beatenBy({ metrics, baselines, prediction })!;
  expect([predicts.better.map(({ name }) => name), predicts.compared]).toEqual([['all-columns'], 2]);
  const classifies = beatenBy({
    metrics: { 'logistic-accuracy': 0.8 },
    baselines: { 'majority-class': { 'logistic-accuracy': 0.9 }, pca: { 'logistic-accuracy': 0.7 } },
    prediction: { ...prediction, predictor: 'logistic' },
  })!;
  expect(classifies.better.map(({ name }) => name)).toEqual(['majority-class']);
  const rebuilds = beatenBy({ metrics, baselines })!;
  expect(rebuilds).toMatchObject({ does: 'have a smaller error', compared: 2 });
  expect(beatenText(rebuilds, { codeSize: 2 })).toMatch(
    /^PCA, 2 components has mean squared error 0\.5; this model has mean squared error 1; .* look for better/,
  );
  // PCA of as many components as columns copies them.
  const copied = { pca: { mse: 1e-12 }, untrained: { mse: 2 } };
  expect(beatenBy({ metrics: { mse: 1 }, baselines: copied })).toBeUndefined();
});

it('names none if the model is as good, or for its own members', () => {
  const metrics = detects(0.95, 0.8);
  expect(beatenBy({ metrics, baselines: { mahalanobis: metrics } })).toBeUndefined();
  expect(beatenBy({ metrics: { mse: 0.5 }, baselines: { pca: { mse: 0.5 } } })).toBeUndefined();
  expect(beatenBy({ metrics, baselines: { neighbours: detects(0.99, 0.9) } })).toBeUndefined();
});
