/** A challenger is trained with the choices about columns that its champion was trained with. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';

const folder = keptFolder();

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

const retrain = (data: string) =>
  runScript('retrain', ['anomaly', '--data', data, '--threads', '1', '--set', 'epochs=5'], folder);

function choices(...path: readonly string[]): unknown {
  const manifest = readFileSync(join(folder, 'artifacts', ...path, 'manifest.json'), 'utf8');
  return JSON.parse(manifest).data.choices;
}

it('keeps the class of anomalies of the champion, where another one has become the rarer', async () => {
  const first = await retrain(night('first.csv', 0.1));
  expect([first.code, first.stderr]).toEqual([0, '']);
  const [champion] = readdirSync(join(folder, 'artifacts', 'anomaly'));
  expect(choices('anomaly', champion!)).toEqual({ label: 'class', positive: ['b'] });
  // The gates refuse so different a night, after its challenger has been trained.
  const { stdout } = await retrain(night('second.csv', 0.6));
  expect(stdout).toContain(`columns as in anomaly@${champion}: --label class --positive b`);
  const challengers = readdirSync(join(folder, 'artifacts', '.candidates', 'anomaly'));
  expect(challengers).toHaveLength(1);
  expect(choices('.candidates', 'anomaly', challengers[0]!)).toEqual({ label: 'class', positive: ['b'] });
});
