/** Searches and comparisons as users run them: in processes of their own, interrupted and resumed. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { runScript, start } from '../support/commands/cli.ts';
import { keptFolder, temporaryFolder } from '../support/data/data.ts';

const folder = keptFolder();
const file = join(folder, 'rows.csv');
const source = random(2, 'tune');
const lines = Array.from({ length: 600 }, () => {
  const [a, b] = [source.uniform(), source.uniform()];
  return [a, b, a + b, a - b, 2 * a + 0.01 * source.uniform()].map((value) => value.toFixed(4)).join();
});
writeFileSync(file, ['a,b,c,d,e', ...lines].join('\n'));

const SPACE = ['--space', 'learningRate=1e-4..3e-2', 'hidden=[8],[16]', 'codeSize=1,2'];
const flags = ['tabular', '--data', file, '--trials', '6', '--set', 'epochs=9', ...SPACE];

interface Found {
  readonly version?: string;
  readonly trials: readonly { trial: number; settings: object; epochs: number; value: number }[];
}

const tuned = async (out: string, ...others: readonly string[]): Promise<Found> => {
  const { code, stdout, stderr } = await runScript('tune', [...flags, '--out', out, '--json', ...others]);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

const figures = ({ trials }: Found) =>
  trials.map(({ trial, settings, epochs, value }) => [trial, settings, epochs, value]);

it('a search is the same for the same seed, on any number of processes, and goes on after Ctrl-C', async () => {
  const whole = await tuned(folder);
  expect(whole.trials).toHaveLength(6);
  expect(whole.trials[0]!.settings).toMatchObject({ codeSize: 2 });
  expect(existsSync(join(folder, 'tabular', '.tuning'))).toBe(false);

  const out = temporaryFolder();
  const running = start('tune', [...flags, '--out', out, '--parallel', '1']);
  await running.saw('rung 1/2  trial 2');
  running.process.kill('SIGINT');
  const { code, stdout } = await running.finished;
  expect(code).toBe(130);
  expect(stdout).toMatch(
    /interrupted: what is done is kept in .*\.tuning; continue with\n {2}npm run tune -- tabular .* --resume$/m,
  );
  expect(existsSync(join(out, 'tabular', 'tuning.html'))).toBe(true);
  const resumed = await tuned(out, '--parallel', '1', '--resume');
  expect(figures(resumed)).toEqual(figures(whole));
});

it('models are compared by name and by version', async () => {
  const again = await runScript('train', [
    'tabular',
    '--data',
    file,
    '--out',
    folder,
    '--name',
    'plain',
    '--force',
    '--set',
    'epochs=2',
    'codeSize=1',
  ]);
  expect(again.code).toBe(0);
  const page = join(folder, 'comparison.html');
  const names = ['plain', 'tabular'].map((name) => join(folder, name));
  const { code, stdout, stderr } = await runScript('compare', [...names, '--out', page, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const { best, decided, by, rows, settings } = JSON.parse(stdout);
  expect({ best, decided, by }).toEqual({ best: 'tabular', decided: true, by: 'mse' });
  expect(rows).toMatchObject({ used: 60, seen: { plain: 0, tabular: 0 } });
  expect(settings.codeSize).toEqual({ plain: '1', tabular: '2' });
  expect(existsSync(page)).toBe(true);
});

it.each([
  ['tune', ['digits', '--space', 'codeSise=1,2'], /did you mean 'codeSize'\?/],
  [
    'tune',
    ['digits', '--space', 'loss=mse,binary-cross-entropy'],
    /choose trials by a metric that stays the same, for instance --by mse/,
  ],
  ['tune', ['digits', '--trials', '0'], /expected a whole number from 1 to 10000/],
  ['compare', ['digits'], /expected two models or more to compare, received only digits/],
] as const)('%s %s is refused with exit code 2', async (command, given, message) => {
  const { code, stderr } = await runScript(command, [...given], folder);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});
