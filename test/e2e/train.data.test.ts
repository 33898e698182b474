import { expect, it } from 'vitest';
import { runScript } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { realData } from '../support/data/realData.ts';

it('npm run train -- mnist reaches its test loss after 5 epochs: at most 0.101', async () => {
  const flags = [
    'mnist',
    '--data',
    realData('mnist'),
    '--out',
    temporaryFolder(),
    '--set',
    'epochs=5',
    '--json',
  ];
  const { code, stdout } = await runScript('train', flags);
  expect(code).toBe(0);
  const result = JSON.parse(stdout);
  expect(result.metrics['binary-cross-entropy']).toBeLessThanOrEqual(0.101);
  expect(result.metrics.mse).toBeLessThan(result.baselines.pca.mse);
  expect(result.parity.maxAbsDifference).toBeLessThanOrEqual(1e-5);
  expect(Object.keys(result)).toEqual(['artifact', 'version', 'metrics', 'baselines', 'parity', 'seconds']);
});
