import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { runScript } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { realData } from '../support/data/realData.ts';

it('npm run experiments measures, keeps the figure, and writes it into the table beside its references', async () => {
  const folder = temporaryFolder();
  for (const path of ['scripts/measure/experiments', 'docs'])
    mkdirSync(join(folder, path), { recursive: true });
  const records = join(folder, 'scripts/measure/experiments/results.json');
  const page = join(folder, 'docs/benchmarks.md');
  for (const path of [records, join(folder, 'scripts/measure/experiments/pytorch.json')])
    writeFileSync(path, '{}');
  writeFileSync(
    page,
    'before\n<!-- experiments -->\n<!-- /experiments -->\n<!-- detection -->\n<!-- /detection -->\nafter\n',
  );
  vi.stubEnv('LATENTEDGE_DATA', dirname(realData('anomaly')));
  // Without a Python that someone may have: the published reference stands alone.
  vi.stubEnv('PATH', dirname(process.execPath));

  const name = 'anomaly-pendigits';
  const { code, stdout } = await runScript('experiments', ['--only', name, '--json'], folder);
  expect(code).toBe(0);
  const { results } = JSON.parse(stdout);
  expect(results).toEqual([
    {
      name,
      figure: expect.any(Number),
      seconds: expect.any(Number),
      pytorch: null,
      limit: 0.946,
      pass: true,
    },
  ]);
  const [{ figure }] = results;
  expect(figure).toBeGreaterThanOrEqual(0.946);
  expect(JSON.parse(readFileSync(records, 'utf8'))).toMatchObject({
    [name]: { figure, seeds: [1, 2, 3, 4, 5] },
  });
  const text = readFileSync(page, 'utf8');
  expect(text).toContain(`| \`${name}\` | roc-auc | ${figure.toFixed(4)} | >= 0.9460 |`);
  expect(text).toMatch(
    /\| `rain-published` \| mse \| not measured \| <= 1\.1800 \| +\| 1\.155: the same model/,
  );
  expect(text).toMatch(/\| `mnist-vae` \| elbo \| not measured \| >= PyTorch's \|/);
  expect(text.startsWith('before\n') && text.endsWith('after\n')).toBe(true);
});
