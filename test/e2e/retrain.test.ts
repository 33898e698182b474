import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript } from '../support/cli.ts';
import { temporaryFolder } from '../support/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/weather.ts';

it('npm run retrain promotes a first version, and npm run deploy says which it is and goes into an upload', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'artifacts'));
  const data = writeWeather(join(folder, 'day.csv'), weatherRows(1));
  const flags = ['rain', '--data', data, '--threads', '1', '--json', '--set', ...WEATHER_SETTINGS];
  const { code, stdout, stderr } = await runScript('retrain', flags, folder);
  expect([code, stderr]).toEqual([0, '']);
  const { outcome, challenger } = JSON.parse(stdout);
  expect(outcome).toBe('promoted');

  const status = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
  expect(JSON.parse(status.stdout).models).toMatchObject([
    { model: 'rain', aliases: { production: challenger } },
  ]);
  const dryRun = await runScript('deploy', ['--dry-run', '--json'], folder);
  expect([dryRun.code, dryRun.stderr]).toEqual([0, '']);
});
