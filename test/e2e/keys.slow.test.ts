/**
 * Keys in `.dev.vars` are for clients of `npm run serve`, not for commands that ask a Worker of their own; docsServing
 * runs the demo and `npm run deploy -- --check` in such a project.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript, start } from '../support/commands/cli.ts';
import { writeKeyedProject } from '../support/commands/project.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const folder = keptFolder();
writeKeyedProject(folder);
const data = writeWeather(join(folder, 'day.csv'), weatherRows(1));
const train = ['rain', '--data', data, '--threads', '1', '--json', '--set', ...WEATHER_SETTINGS];
it('npm run retrain uses the own key of a Worker of npm run serve, unless it is given another, which it names', async () => {
  const { artifact } = JSON.parse((await runScript('train', train, folder)).stdout);
  const serving = start('serve', [artifact, '--port', '0', '--runtime', 'stock', '--json'], folder);
  const { url } = JSON.parse(await serving.saw('\n'));
  expect((await fetchFresh(new URL('/v1/models', url))).status).toBe(401);
  const retrain = (key?: string) => {
    const { LATENTEDGE_API_KEY: _, ...env } = process.env;
    return start('retrain', train, folder, key === undefined ? env : { ...env, LATENTEDGE_API_KEY: key });
  };
  const refused = await retrain('wrong').finished;
  // Before it trains.
  expect([refused.code, JSON.parse(refused.stdout).outcome]).toEqual([2, 'failed']);
  expect(refused.stderr).toMatch(
    /^error: http\S+: the Worker answers the key of this command with 401\. .*LATENTEDGE_API_KEY: to send another one, with the scopes infer and admin, export LATENTEDGE_API_KEY=/,
  );
  expect(refused.stderr).not.toMatch(/^\s+at /m);
  const done = await retrain().finished;
  expect([done.code, JSON.parse(done.stdout).outcome]).toEqual([0, 'promoted']);
  serving.process.kill('SIGINT');
  await serving.finished;
});
