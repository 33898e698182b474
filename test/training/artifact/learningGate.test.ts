import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GateError } from '../../../shared/errors.ts';
import { requireLearned } from '../../../training/artifact/learningGate.ts';
import { fromRows } from '../../../training/data/rows.ts';
import type { Settings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';

it('refuses errors many times those of the untrained network, and NaN', () => {
  const untrained = { untrained: { mse: 1 } };
  const refusing = { learningRate: 10, force: false };
  for (const mse of [5e23, 11, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => requireLearned({ mse }, untrained, refusing)).toThrow(GateError);
  }
  expect(() => requireLearned({ mse: 5e23 }, untrained, refusing)).toThrow(
    /learningRate is 10: --set learningRate/,
  );
  expect(() => requireLearned({ mse: 2 }, untrained, refusing)).not.toThrow();
  expect(() => requireLearned({ 'recall@20': 1 }, untrained, refusing)).not.toThrow();
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
