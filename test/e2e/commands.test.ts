/**
 * The commands that follow one another, on one small model: its runtime is frozen once for all of them. Clients of the
 * project need keys, which commands that ask a Worker of their own do not have.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript, start } from '../support/commands/cli.ts';
import { KEY, writeKeyedProject } from '../support/commands/project.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const folder = keptFolder();
writeKeyedProject(folder);
const data = writeWeather(join(folder, 'day.csv'), weatherRows(1));
let version: string;

it('npm run retrain promotes a first version', async () => {
  const flags = ['rain', '--data', data, '--threads', '1', '--json', '--set', ...WEATHER_SETTINGS];
  const { code, stdout, stderr } = await runScript('retrain', flags, folder);
  expect([code, stderr]).toEqual([0, '']);
  const { outcome, challenger } = JSON.parse(stdout);
  expect(outcome).toBe('promoted');
  version = challenger;
});

it('npm run deploy -- --status names it', async () => {
  const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
  expect(JSON.parse(stdout).models).toMatchObject([{ model: 'rain', aliases: { production: version } }]);
});

it('npm run report draws its report again', async () => {
  const { code, stdout } = await runScript('report', [join('artifacts', 'rain', version)], folder);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/report\.html: [\d,]+ KiB\n$/)]);
});

it('npm run serve answers clients with a key until it is asked to stop', async () => {
  const serving = start('serve', ['--port', '0', '--json'], folder);
  const { url, models, key } = JSON.parse(await serving.saw('\n'));
  expect(models).toEqual([{ name: 'rain', version }]);
  const administer = async (headers: Record<string, string>) =>
    (await fetchFresh(new URL('/admin/stats', url), { headers })).status;
  expect([await administer({}), await administer({ 'X-API-Key': key })]).toEqual([401, 200]);
  const ask = (headers: Record<string, string>) =>
    fetchFresh(new URL('/v1/models/rain/encode', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ rows: [[20, 21, 22, 23, 24, 25]] }),
    });
  expect((await ask({})).status).toBe(401);
  const response = await ask({ Authorization: `Bearer ${KEY}` });
  expect(await response.json()).toMatchObject({ version, codes: [[expect.any(Number)]] });
  serving.process.kill('SIGINT');
  expect(await serving.finished).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('stopped by Ctrl-C (SIGINT)'),
  });
});

it('npm run deploy -- --dry-run builds the upload', async () => {
  const { code, stdout } = await runScript('deploy', ['--dry-run', '--json'], folder);
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(stdout)).length).toBeGreaterThan(0);
});
