/** Commands of somebody on call, where the bucket of this machine is damaged, refuses writes, or is gone. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { localBuckets } from '../../scripts/worker/localBuckets.ts';
import { runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';

const folder = keptFolder();
let version: string;

const deploy = (...flags: string[]) => runScript('deploy', [...flags, '--target', 'local'], folder);

/** Writes an object of the bucket as its disk might have left it. */
async function damage(key: string): Promise<void> {
  const { bucket, close } = await localBuckets(join(folder, 'artifacts', '.bucket'));
  await bucket.put(key, 'half of it');
  await close();
}

beforeAll(async () => {
  const path = writeWeather(join(folder, '1.csv'), weatherRows(1));
  const flags = ['--threads', '1', '--gate', 'mse:9', 'familiar:50', '--json', '--set', ...WEATHER_SETTINGS];
  const { code, stdout, stderr } = await runScript('retrain', ['rain', '--data', path, ...flags], folder);
  expect([code, stderr]).toEqual([0, '']);
  version = JSON.parse(stdout).challenger;
});

it('a version in production that the bucket holds damaged is repaired by the command that --status names', async () => {
  await damage(`rain/${version}/encoder.onnx`);
  await damage(`rain/${version}/manifest.json`);
  const broken = await deploy('--status', 'rain');
  expect([broken.code, broken.stdout]).toEqual([
    1,
    expect.stringContaining(
      `next: to repair ${version} with the copy on this disk: npm run publish -- rain@${version} --target local\n`,
    ),
  ]);
  const repaired = await runScript('publish', [`rain@${version}`, '--target', 'local'], folder);
  expect([repaired.code, repaired.stderr]).toEqual([0, '']);
  const status = await deploy('--status', 'rain');
  expect([status.code, status.stdout]).toEqual([0, expect.stringContaining('next: nothing\n')]);
  expect(status.stdout).toContain(`publish: repaired ${version}; production ${version}`);
});

it('a folder without artifacts/ stays as it is, and --status says what is missing', async () => {
  const empty = keptFolder();
  const status = (...flags: string[]) =>
    runScript('deploy', ['--status', '--target', 'local', ...flags], empty);
  const { code, stdout } = await status();
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^artifacts\/\.bucket is missing: /)]);
  expect(JSON.parse((await status('--json')).stdout)).toEqual({ models: [], missing: 'artifacts/.bucket' });
  const others = [
    ['--history'],
    ['--status', 'rain'],
    ['--rollback', 'rain'],
    ['--promote', `rain@${version}`],
  ];
  for (const flags of others) {
    const { code, stderr } = await runScript('deploy', [...flags, '--target', 'local'], empty);
    expect([code, stderr]).toEqual([2, expect.stringContaining('artifacts/.bucket is missing: ')]);
  }
  expect(readdirSync(empty)).toEqual([]);
});
