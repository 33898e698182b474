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

it('names none if the model is as good, if there are no labels, or for its own members', () => {
  const metrics = detects(0.95, 0.8);
  expect(beatenBy({ metrics, baselines: { mahalanobis: metrics } })).toBeUndefined();
  expect(beatenBy({ metrics: { mse: 1 }, baselines: { pca: { mse: 0.5 } } })).toBeUndefined();
  expect(beatenBy({ metrics, baselines: { neighbours: detects(0.99, 0.9) } })).toBeUndefined();
});
