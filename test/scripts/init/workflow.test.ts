import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { OWN_WORKFLOW, retrainScript } from '../../../scripts/init/workflow.ts';
import { temporaryFolder } from '../../support/data/data.ts';

it('the workflow of this repository is the one that init writes; "npm run docs" writes it', () => {
  const file = new URL(`../../../${OWN_WORKFLOW.path}`, import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(OWN_WORKFLOW.text);
});

const ALWAYS = [
  '--target',
  'cloudflare',
  '--canary',
  '10',
  '--watch',
  '300',
  '--few-answers',
  'promote',
  '--wait',
  '600',
];

it.each([
  ['nothing but a recipe', { RECIPE: 'orders' }, ['orders', ...ALWAYS]],
  [
    'a query as data, and a name',
    { RECIPE: 'orders', DATA: "SELECT * FROM 'a b.csv'", MODEL_NAME: 'shop' },
    ['orders', '--name', 'shop', '--data', "SELECT * FROM 'a b.csv'", ...ALWAYS],
  ],
  [
    'flags, which no shell looks into',
    { RECIPE: 'orders', FLAGS: '--set hidden=[8,4] x=* --gate mse:0.02', DRY_RUN: '--dry-run' },
    ['orders', ...ALWAYS, '--set', 'hidden=[8,4]', 'x=*', '--gate', 'mse:0.02', '--dry-run'],
  ],
])('its command is given %s', async (_, variables, expected) => {
  const folder = temporaryFolder();
  const command = join(folder, 'print.mjs');
  writeFileSync(command, 'console.log(JSON.stringify(process.argv.slice(2)));');
  const unset = { MODEL_NAME: '', DATA: '', FLAGS: '', DRY_RUN: '' };
  const shell = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', retrainScript(`node ${command}`)];
  const env = { PATH: process.env.PATH, ...unset, ...variables };
  const { stdout } = await promisify(execFile)('bash', shell, { cwd: folder, env });
  expect(JSON.parse(stdout)).toEqual(expected);
});
