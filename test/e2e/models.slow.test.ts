/** `npm run models`, on the bucket of this machine. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Finished, runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';

const folder = keptFolder();
const versions: string[] = [];

const models = (...flags: string[]): Promise<Finished> => runScript('models', [...flags, '--json'], folder);
const listed = async () => JSON.parse((await models('list')).stdout).versions;

beforeAll(async () => {
  mkdirSync(join(folder, 'artifacts'));
  for (const day of [1, 2, 3]) {
    const data = writeWeather(join(folder, `${day}.csv`), weatherRows(day));
    const flags = ['rain', '--data', data, '--threads', '1', '--json', '--gate', 'mse:9', 'familiar:50'];
    const { stdout } = await runScript('retrain', [...flags, '--set', ...WEATHER_SETTINGS], folder);
    versions.unshift(JSON.parse(stdout).challenger);
  }
});

it('lists every version with its places and aliases, the newest first', async () => {
  expect(await listed()).toMatchObject(
    versions.map((version, i) => ({
      ...{ name: 'rain', version, places: ['bucket', 'disk'] },
      aliases: [['production'], ['previous'], []][i],
    })),
  );
  expect(JSON.parse((await models('show', `rain@${versions[0]}`)).stdout).manifest.version).toBe(versions[0]);
});

it('deletes no version that an alias names, and backs up what it deletes', async () => {
  const refused = await models('delete', `rain@${versions[0]}`);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('is production')]);

  const before = await listed();
  expect((await models('backup', join(folder, 'backup'))).code).toBe(0);
  expect(JSON.parse((await models('prune', '--keep', '1', '--dry-run')).stdout).deleted).toHaveLength(1);
  expect(await listed()).toEqual(before);
  expect(JSON.parse((await models('prune', '--keep', '1')).stdout).deleted).toMatchObject([
    { version: versions[2] },
  ]);
  expect((await listed()).map(({ version }: { version: string }) => version)).toEqual(versions.slice(0, 2));
  expect(existsSync(join(folder, 'artifacts', 'rain', versions[2]!))).toBe(false);

  expect((await models('restore', join(folder, 'backup'))).code).toBe(0);
  expect((await listed()).at(-1)).toMatchObject({ version: versions[2], places: ['bucket'] });
});

it('restores a bucket that is gone', async () => {
  rmSync(join(folder, 'artifacts', '.bucket'), { recursive: true });
  expect((await models('restore', join(folder, 'backup'))).code).toBe(0);
  expect((await listed())[0]).toMatchObject({ version: versions[0], aliases: ['production'] });
  const history = await runScript('deploy', ['--history', 'rain', '--target', 'local', '--json'], folder);
  expect(JSON.parse(history.stdout).entries.at(-1)).toMatchObject({ outcome: 'promoted' });
});
