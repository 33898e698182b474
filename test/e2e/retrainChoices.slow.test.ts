/** A challenger is trained with the choices about columns that its champion was trained with. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { runScript } from '../support/commands/cli.ts';
import { serves } from '../support/commands/served.ts';
import { keptFolder } from '../support/data/data.ts';

const folder = keptFolder();
serves(folder);

/** Rows of which the given share is of the class b, which lies apart from a. */
function night(name: string, share: number): string {
  const source = random(3, name);
  const lines = Array.from({ length: 400 }, (_, row) => {
    const isB = row < share * 400;
    const values = Array.from({ length: 4 }, () => (source.uniform() + (isB ? 2 : 0)).toFixed(4));
    return [...values, isB ? 'b' : 'a'].join(',');
  });
  const path = join(folder, name);
  writeFileSync(path, `v,w,x,y,class\n${lines.join('\n')}\n`);
  return path;
}

/** Rows without structure: no model of them is worth anything. */
const WORTHLESS = ['mean', 'pca'];

const retrain = (data: string, accepted: readonly string[], flags: readonly string[] = []) =>
  runScript(
    'retrain',
    ['anomaly', '--data', data, '--threads', '1', '--set', 'epochs=5', '--accept', ...accepted, ...flags],
    folder,
  );

function choices(...path: readonly string[]): unknown {
  const manifest = readFileSync(join(folder, 'artifacts', ...path, 'manifest.json'), 'utf8');
  return JSON.parse(manifest).data.choices;
}

it('keeps the class of anomalies of the champion, where another one has become the rarer', async () => {
  const first = await retrain(night('first.csv', 0.1), WORTHLESS);
  expect([first.code, first.stderr]).toEqual([0, '']);
  const [champion] = readdirSync(join(folder, 'artifacts', 'anomaly'));
  expect(choices('anomaly', champion!)).toEqual({ label: 'class', positive: ['b'] });
  // The gates on data refuse so different a night, and say how to accept it; those on models refuse its challenger.
  const data = night('second.csv', 0.6);
  const refused = await retrain(data, WORTHLESS);
  expect(refused.code).toBe(3);
  expect(refused.stdout).toContain(`columns as in anomaly@${champion}: --label class --positive b`);
  const gates = /.*--accept ([a-z -]+)/.exec(refused.stderr)![1]!.trim().split(' ');
  await retrain(data, [...WORTHLESS, ...gates]);
  const [challenger] = readdirSync(join(folder, 'artifacts', '.candidates', 'anomaly'));
  expect(choices('.candidates', 'anomaly', challenger!)).toEqual({ label: 'class', positive: ['b'] });
});

it('keeps a column as an input that is taken for the label of anomalies in a later night', async () => {
  const named = (name: string, share: number) => {
    const path = night(name, share);
    const text = readFileSync(path, 'utf8').replaceAll(/,b$/gm, ',faulty').replaceAll(/,a$/gm, ',ok');
    writeFileSync(path, text.replace('class', 'state'));
    return path;
  };
  const accepted = [...WORTHLESS, 'untrained'];
  const run = (data: string) => retrain(data, accepted, ['--name', 'states']);
  // Of more than a fifth of the rows, detection does not believe that they are anomalies.
  expect((await run(named('rare.csv', 0.215))).code).toBe(0);
  const next = await run(named('rarer.csv', 0.19));
  expect([next.code, next.stderr]).toEqual([0, '']);
  expect(next.stdout).toContain('5 inputs (v, w, x, y, state)');
  expect(next.stdout).toContain('though it looks like a label of anomalies today; --label state');
});
