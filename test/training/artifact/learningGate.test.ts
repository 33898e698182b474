import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GateError, InterruptedError } from '../../../shared/errors.ts';
import { requireLearned } from '../../../training/artifact/learningGate.ts';
import { isView } from '../../../training/data/batches.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { resolveSettings, type Settings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const refusing = {
  settings: resolveSettings('undercomplete', { learningRate: 10, epochs: 3 }),
  predictor: undefined,
  force: false,
  interrupted: false,
};

it('refuses errors many times those of the untrained network, and NaN', () => {
  const untrained = { untrained: { mse: 1 } };
  for (const mse of [5e23, 11, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => requireLearned({ mse }, untrained, refusing)).toThrow(GateError);
  }
  expect(() => requireLearned({ mse: 5e23 }, untrained, refusing)).toThrow(
    /learningRate is 10: --set learningRate/,
  );
  expect(() => requireLearned({ mse: 2 }, untrained, refusing)).not.toThrow();
  expect(() => requireLearned({ 'recall@20': 1 }, untrained, refusing)).not.toThrow();
});

it('refuses errors above that of predicting the mean, and names what to change', () => {
  const baselines = { untrained: { mse: 1 }, mean: { mse: 0.5 } };
  expect(() => requireLearned({ mse: 0.51 }, baselines, refusing)).toThrow(GateError);
  expect(() => requireLearned({ mse: 0.51 }, baselines, refusing)).toThrow(
    /at most 0\.5000, as predicting the mean has, received 0\.5100; train longer \(epochs is 3: --set epochs=6\)/,
  );
  expect(requireLearned({ mse: 0.5 }, baselines, refusing)).toBeUndefined();
  expect(requireLearned({ mse: 0.51 }, baselines, { ...refusing, force: true })).toMatch(
    /^the model is worse than predicting the mean/,
  );
});

it('ends an interrupted run as interrupted, with how to continue it', () => {
  const interrupted = { ...refusing, interrupted: true };
  const run = () => requireLearned({ mse: 2 }, { mean: { mse: 1 } }, interrupted);
  expect(run).toThrow(InterruptedError);
  expect(run).toThrow(/--resume continues the run/);
});

it('refuses recommenders that rank worse than popularity', () => {
  const baselines = { popularity: { 'ndcg@100': 0.2 }, untrained: { 'ndcg@100': 0.1 } };
  expect(() => requireLearned({ 'ndcg@100': 0.19 }, baselines, refusing)).toThrow(/worse than popularity/);
  expect(() => requireLearned({ 'ndcg@100': Number.NaN }, baselines, refusing)).toThrow(GateError);
  expect(requireLearned({ 'ndcg@100': 0.2 }, baselines, refusing)).toBeUndefined();
});

it('refuses classifiers that are right less often, and less sure, than the frequencies of the classes', () => {
  const of = (accuracy: number, loss: number) => ({
    'logistic-accuracy': accuracy,
    'logistic-log-loss': loss,
  });
  const baselines = { 'majority-class': of(0.6, 0.67) };
  const classifying = { ...refusing, predictor: 'logistic' as const };
  expect(() => requireLearned(of(0.5, 0.7), baselines, classifying)).toThrow(/frequencies of the classes/);
  expect(requireLearned(of(0.5, 0.6), baselines, classifying)).toBeUndefined();
  expect(requireLearned(of(0.7, 0.7), baselines, classifying)).toBeUndefined();
});

it('refuses a model that one epoch leaves worse than the mean, and keeps it if forced', async () => {
  // Far from 0, where a network begins: most of the error is that of the mean.
  const rows = Array.from({ length: 300 }, (_, i) => [5 + Math.sin(i), 5 + Math.cos(i), 5 + Math.sin(i / 3)]);
  const settings: Settings<'undercomplete'> = { hidden: [8], codeSize: 2, epochs: 1 };
  const options = { ...{ name: 'far', data: fromRows(rows), threads: 1 }, settings };
  await expect(train({ ...options, out: temporaryFolder() })).rejects.toThrow(
    /worse than predicting the mean/,
  );
  const { artifact, split } = await train({ ...options, out: temporaryFolder(), force: true });
  const { baselines, metrics, training } = artifact.manifest;
  expect(training.refused).toMatch(/^the model is worse than predicting the mean/);
  expect(readFileSync(join(artifact.directory, 'report.html'), 'utf8')).toContain(
    'worse than predicting the mean',
  );
  expect(metrics.mse).toBeGreaterThan(baselines.mean!.mse!);
  // The same by hand.
  const { train: fitted, test } = split;
  if (!isView(fitted)) throw new Error('expected a view of the rows');
  const means = [0, 1, 2].map(
    (column) =>
      fitted.indices.reduce((sum, row) => sum + fitted.of.data[3 * row + column]!, 0) / fitted.rowCount,
  );
  const squares = test.data.reduce((sum, value, i) => sum + (value - means[i % 3]!) ** 2, 0);
  expect(baselines.mean!.mse).toBeCloseTo(squares / test.data.length, 5);
});

it('refuses a run whose learning rate is far too large', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => [
    Math.sin(i),
    Math.cos(i),
    Math.sin(i / 3),
    Math.cos(i / 7),
  ]);
  const run = train({
    ...{ name: 'diverged', data: fromRows(rows), out: temporaryFolder(), threads: 1 },
    settings: {
      hidden: [8],
      codeSize: 2,
      learningRate: 10,
      optimizer: 'adam',
      epochs: 20,
      activation: 'relu',
    },
  });
  await expect(run).rejects.toThrow(/diverged|parity/);
});

it('keeps a refused model if forced, and says so in its manifest and card', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i), Math.cos(i), Math.sin(i / 3)]);
  const settings: Settings<'undercomplete'> = {
    ...{ hidden: [8], codeSize: 2, optimizer: 'sgd', learningRate: 3, epochs: 1, batchSize: 16 },
    ...{ activation: 'tanh', schedule: 'constant', loss: 'mse' },
  };
  const options = { ...{ name: 'kept', data: fromRows(rows), threads: 1 }, settings };
  await expect(train({ ...options, out: temporaryFolder() })).rejects.toThrow(/--force keeps the model/);
  const { artifact } = await train({ ...options, out: temporaryFolder(), force: true });
  expect(artifact.manifest.training.refused).toMatch(/^training diverged: expected an error/);
  expect(readFileSync(join(artifact.directory, 'MODEL_CARD.md'), 'utf8')).toMatch(
    /\*\*Refused, and kept by force/,
  );
});
