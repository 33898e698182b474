import { expect, it } from 'vitest';
import { METRIC_NAMES, METRICS } from '../../scripts/retrain/metrics/registry.ts';
import { betterOf } from '../../shared/metricDirection.ts';

it.each(METRIC_NAMES)('%s improves in the direction by which versions are compared', (name) => {
  expect(betterOf(name)).toBe(METRICS[name].better);
});

it.each([
  ['ndcg@100-latest', 'higher'],
  ['logistic-accuracy', 'higher'],
  ['logistic-log-loss', 'lower'],
  ['negative-log-likelihood', 'lower'],
  ['svr-mae', 'lower'],
  ['share-dead', 'lower'],
  ['elbo', 'higher'],
  ['kl', undefined],
])('%s improves by getting %s', (name, better) => {
  expect(betterOf(name)).toBe(better);
});
