/** The commands of the page about rows of production, with the model that it is about, and what `rows` says of mistakes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, runScript, start } from '../support/commands/cli.ts';
import {
  blocksOf,
  type Check,
  DOCUMENTED_URL,
  newReader,
  PAGES,
  testCommands,
} from '../support/commands/docs.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const { folder, sh } = newReader();

let serving: Running;
let url: string;

beforeAll(async () => {
  await sh(blocksOf('README.md').find(({ text }) => text.includes('--name pumps'))!.text);
  const [variable] = blocksOf('docs/production.md').filter(({ language }) => language === 'toml');
  const toml = readFileSync(join(folder, 'wrangler.toml'), 'utf8');
  rmSync(join(folder, 'wrangler.toml'));
  writeFileSync(join(folder, 'wrangler.toml'), toml.replace('[vars]', `[vars]\n${variable!.text}`));
  serving = start('serve', ['--port', '0', '--runtime', 'stock'], folder);
  url = /http:\/\/[\d.]+:\d+\//.exec(await serving.saw('press Ctrl-C to stop'))![0];
});

afterAll(() => {
  serving.process.kill('SIGKILL');
});

/** Runs a command with the address of the Worker, and expects a text on stdout. */
const prints =
  (text: string | RegExp): Check =>
  async (command) => {
    expect((await sh(command.replaceAll(DOCUMENTED_URL, url))).stdout).toMatch(text);
  };

const CHECKS: readonly (readonly [part: string, check: Check])[] = [
  // It has been started, at a port of its own.
  ['npm run serve', async () => expect((await fetchFresh(new URL('/health', url))).status).toBe(200)],
  ['/score', prints('"isAnomaly":true')],
  ['/v1/feedback', prints('{"stored":1}')],
  [
    'rows -- list',
    async (command) => {
      const list = async () => (await sh(command)).stdout;
      await expect.poll(list).toMatch(/pumps.*\n(?:.*\n)*.*\(labels\)/);
    },
  ],
  ['rows -- delete', prints('deleted 1 rows of pumps and 1 labels')],
  // One row more makes no other model: it may be promoted, or refused as no better.
  [
    '--from-production',
    async (command) => {
      const { stdout } = await sh(`${command} || test $? = 3`);
      expect(stdout).toMatch(/production: 1 rows of 30 days \(1 by \w{12}\); labels are not used/);
    },
  ],
  ['npm run retrain', prints(/pumps@\w{12}: (promoted|unchanged)/)],
];

testCommands(PAGES.production, (command) => CHECKS.find(([part]) => command.includes(part))?.[1]);

it.each([
  [['delete'], 'expected --model'],
  [['delete', '--model', 'pumps'], 'expected --where'],
  [['delete', '--model', 'pumps', '--where', 'flow'], 'expected column=value'],
  [['delete', '--model', 'nobody', '--where', 'flow=1'], 'no rows of nobody are logged'],
  [['remove'], "'remove' is invalid"],
])('%j is a mistake that it explains', async (flags, message) => {
  const { code, stderr } = await runScript('rows', flags, folder);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
