/** Retraining for a Worker that runs each version in a frozen isolate of its own. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AdminStats } from '../../shared/adminApi.ts';
import { type Running, runScript, start } from '../support/commands/cli.ts';
import { writeProject } from '../support/commands/project.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const folder = keptFolder();
let serving: Running | undefined;
afterAll(() => serving?.process.kill());

const retrain = (day: number) => {
  const path = writeWeather(join(folder, `${day}.csv`), weatherRows(day));
  const own = ['rain', '--data', path, '--threads', '1', '--gate', 'mse:9', 'familiar:50'];
  return runScript('retrain', [...own, '--target', 'local', '--set', ...WEATHER_SETTINGS], folder);
};

/** The version that a run has put in force, in an isolate of its own. */
const isolatedIn = (stdout: string) =>
  /^rain@([0-9a-f]{12}) answers from a frozen isolate of its own$/m.exec(stdout)?.[1];

it('ends with the new version in an isolate of its own, and rolls back to the former one in its own', async () => {
  writeProject(folder);
  const config = join(folder, 'wrangler.toml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('RUNTIME = "frozen"', 'RUNTIME = "dynamic"'));
  // The run starts a Worker of its own.
  const first = await retrain(1);
  expect([first.code, first.stderr]).toEqual([0, '']);
  const former = isolatedIn(first.stdout)!;
  expect(former).toBeDefined();

  // One that is served already follows, and goes on with the version that it began with.
  serving = start('serve', ['--port', '0', '--json'], folder);
  const line = (await serving.saw('}\n')).split('\n').find((each) => each.startsWith('{'))!;
  const { url, key } = JSON.parse(line) as { url: string; key: string };
  const second = await retrain(2);
  expect([second.code, second.stderr]).toEqual([0, '']);
  const challenger = isolatedIn(second.stdout)!;
  expect(challenger).toMatch(/^[0-9a-f]{12}$/);
  expect(challenger).not.toBe(former);
  const stats = async () => {
    const response = await fetchFresh(new URL('/admin/stats', url), { headers: { 'X-API-Key': key } });
    return AdminStats.parse(await response.json());
  };
  expect((await stats()).isolates).toMatchObject([{ version: `rain@${challenger}`, replaced: 0 }]);

  const third = await retrain(3);
  const newest = isolatedIn(third.stdout)!;
  const rolledBack = await runScript('deploy', ['--rollback', 'rain', '--target', 'local', '--json'], folder);
  expect([rolledBack.code, rolledBack.stderr]).toEqual([0, '']);
  const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
  expect(JSON.parse(stdout).models[0].aliases).toMatchObject({ production: challenger });
  expect((await stats()).isolates!.map(({ version }) => version)).toEqual(
    expect.arrayContaining([`rain@${challenger}`, `rain@${newest}`]),
  );
});

it('keeps production when the frozen version does not answer the bits that onnxruntime-web gave', async () => {
  const production = async () => {
    const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
    return JSON.parse(stdout).models[0].aliases.production as string;
  };
  const before = await production();
  // Images are made again, and held against other answers.
  const cache = join(folder, 'artifacts/frozen');
  for (const name of readdirSync(cache)) {
    if (name.startsWith('image-')) rmSync(join(cache, name), { recursive: true });
    if (!name.startsWith('model-')) continue;
    const path = join(cache, name, 'observed.json');
    const known = JSON.parse(readFileSync(path, 'utf8'));
    for (const { answers } of Object.values(known.references) as { answers: Record<string, string>[] }[])
      for (const output of Object.keys(answers[0]!)) answers[0]![output] = '0'.repeat(32);
    writeFileSync(path, JSON.stringify(known));
  }
  const { code, stderr } = await runScript('publish', ['rain', '--target', 'local'], folder);
  expect(code).toBe(3);
  expect(stderr).toContain('of the frozen runtime is not bit-identical to onnxruntime-web');
  expect(stderr).toContain(`in force: production ${before}, as before this run`);
  expect(await production()).toBe(before);
});

it('says before an upload that there is no loader', async () => {
  const config = join(folder, 'wrangler.toml');
  const deploy = () => runScript('deploy', ['--dry-run', '--target', 'local'], folder);
  expect((await deploy()).stdout).not.toContain('worker_loaders');
  writeFileSync(config, readFileSync(config, 'utf8').replace('binding = "LOADER"', 'binding = "OTHER"'));
  expect((await deploy()).stdout).toContain('no worker_loaders with the binding LOADER');
});
