import { expect, it } from 'vitest';
import { metricsTable } from '../../../scripts/cli/tables.ts';

it('metrics are a matrix of the model, the parts of its score and its baselines', () => {
  const measured = {
    metrics: { mse: 0.25, 'roc-auc': 0.99, 'alarm-recall': 1 },
    baselines: { pca: { mse: 0.5, 'roc-auc': 0.75 }, joint: { 'roc-auc': 0.875 }, knn: { 'roc-auc': 0.5 } },
    codeSize: 2,
  };
  const cells = metricsTable(measured, [['parity', 'good']], { mse: 0.125, 'alarm-recall': 0.5 })
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(cells).toEqual([
    ['', 'mean', 'ROC'],
    ['', 'squared', 'AUC'],
    ['', 'error', ''],
    ['this model', '0.2500', '0.9900'],
    ['after training', '0.1250', ''],
    ['part: joint', '', '0.8750'],
    ['PCA, 2 components', '0.5000', '0.7500'],
    ['kNN, 5th nearest row', '', '0.5000'],
    ['alarm-recall', '1.000 (0.5000 after training)'],
    ['parity', 'good'],
  ]);
});
