import { expect, it } from 'vitest';
import { GateError } from '../../../shared/errors.ts';
import { requireLearned } from '../../../training/artifact/learningGate.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';

it('refuses errors many times those of the untrained network, and NaN', () => {
  const untrained = { untrained: { mse: 1 } };
  for (const mse of [5e23, 11, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => requireLearned({ mse }, untrained, 10)).toThrow(GateError);
  }
  expect(() => requireLearned({ mse: 5e23 }, untrained, 10)).toThrow(
    /learningRate is 10: --set learningRate/,
  );
  expect(() => requireLearned({ mse: 2 }, untrained, 10)).not.toThrow();
  expect(() => requireLearned({ 'recall@20': 1 }, untrained, 10)).not.toThrow();
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
