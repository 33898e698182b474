/** `npm run publish`: imported versions of a model through the gates, into the bucket of this machine. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript, start } from '../support/commands/cli.ts';
import { pressCtrlC } from '../support/commands/terminal.ts';
import { keptFolder } from '../support/data/data.ts';
import { ENCODER, modelFile } from '../support/training/foreignModels.ts';

const folder = keptFolder();

async function imported(scale: number, names: string): Promise<{ artifact: string; version: string }> {
  const weight = ENCODER.weights.weight!;
  const scaled = { ...weight, data: weight.data.map((value) => value * scale) };
  const path = modelFile({ ...ENCODER, weights: { weight: scaled } });
  const { stdout, stderr } = await runScript(
    'import',
    [path, '--name', 'motor', '--feature-names', names, '--json'],
    folder,
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

async function publish(artifact: string, ...flags: string[]) {
  return runScript('publish', [artifact, '--target', 'local', ...flags, '--json'], folder);
}

async function inForce(): Promise<unknown> {
  const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
  return JSON.parse(stdout).models.map(({ aliases }: { aliases: unknown }) => aliases);
}

it('publishes versions, refuses one that breaks clients, and rolls back', async () => {
  const first = await imported(1, 'a,b,c,d');
  const second = await imported(2, 'a,b,c,d');
  const other = await imported(2, 'e,f,g,h');
  const tried = await publish(first.artifact, '--dry-run');
  expect([tried.code, await inForce()]).toEqual([0, []]);
  const published = await publish(first.artifact);
  expect([published.code, published.stderr]).toEqual([0, '']);
  expect(JSON.parse(published.stdout)).toMatchObject({
    before: null,
    aliases: { production: first.version },
  });
  expect((await publish(second.artifact)).code).toBe(0);
  const both = { production: second.version, previous: first.version };
  expect(await inForce()).toEqual([both]);
  const refused = await publish(other.artifact);
  expect([refused.code, refused.stderr]).toEqual([
    3,
    expect.stringMatching(
      /refused by schema \(features: .*\nin force: production .*, as before this command\nundone: nothing, as nothing was changed\nnext: if its clients .*: npm run publish -- .* --target local --json --allow-breaking/,
    ),
  ]);
  expect(await inForce()).toEqual([both]);
  const stopped = start('publish', [other.artifact, '--target', 'local', '--allow-breaking'], folder);
  await stopped.saw('gate budget');
  pressCtrlC(stopped.process);
  const { code, stderr } = await stopped.finished;
  expect([code, stderr]).toEqual([130, expect.stringContaining(`in force: production ${second.version}`)]);
  expect(await inForce()).toEqual([both]);
  const canary = await publish(other.artifact, '--allow-breaking', '--canary', '10');
  expect(canary.code).toBe(0);
  expect(await inForce()).toEqual([{ ...both, canary: { version: other.version, percentage: 10 } }]);
  expect((await publish(first.artifact)).stderr).toMatch(/motor already has a canary/);
  await runScript('deploy', ['--rollback', 'motor', '--target', 'local'], folder);
  await runScript('deploy', ['--rollback', 'motor', '--target', 'local'], folder);
  expect(await inForce()).toEqual([{ production: first.version }]);
  const { stdout } = await runScript('deploy', ['--history', 'motor', '--target', 'local'], folder);
  expect(stdout).toMatch(/publish/);
});

it('refuses an artifact that does not exist', async () => {
  const { code, stderr } = await publish(join('artifacts', 'nothing'));
  expect([code, stderr]).toEqual([2, expect.stringMatching(/nothing: does not exist/)]);
});
