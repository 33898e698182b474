/** The commands of the page about shadows, with the model and the requests that it is about. */
import { afterAll, beforeAll, expect } from 'vitest';
import { type Running, start } from '../support/commands/cli.ts';
import {
  blocksOf,
  type Check,
  DOCUMENTED_URL,
  newReader,
  PAGES,
  testCommands,
} from '../support/commands/docs.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const { folder, sh, finishes } = newReader();

let serving: Running;
let url: string;
/** The version that was published first. */
let first: string;

beforeAll(async () => {
  await sh(blocksOf('README.md').find(({ text }) => text.includes('--name pumps'))!.text);
  serving = start('serve', ['--port', '0', '--runtime', 'stock'], folder);
  url = /http:\/\/[\d.]+:\d+\//.exec(await serving.saw('press Ctrl-C to stop'))![0];
});

afterAll(() => {
  serving.process.kill('SIGKILL');
});

/** Runs a command, and expects a text on stdout. */
const prints =
  (text: RegExp): Check =>
  async (command) => {
    expect((await sh(command)).stdout).toMatch(text);
  };

const CHECKS: readonly (readonly [part: string, check: Check])[] = [
  // It has been started, at a port of its own.
  ['npm run serve', async () => expect((await fetchFresh(new URL('/health', url))).status).toBe(200)],
  [
    '--shadow 100',
    async (command) => {
      const { stdout } = await sh(command);
      [, first] = /production (\w{12})\n/.exec(stdout) as unknown as [string, string];
      expect(stdout).toMatch(new RegExp(`production ${first}, shadow \\w{12} of 100 %`));
    },
  ],
  ['curl', (command) => finishes(command.replaceAll(DOCUMENTED_URL, url))],
  [
    '--status',
    async (command) => {
      const { stdout } = await sh(command);
      expect(stdout).toMatch(/shadow: \d+ requests compared, 0 failed, \d+ not copied/);
      expect(stdout).toMatch(/shadow, score: \d+ requests, values differ by .* 0 of \d+ verdicts differ/);
      expect(stdout).toMatch(/next: .*: .*--promote pumps@\w{12} --target local\n/);
    },
  ],
  ['--promote', prints(/gate shadow +passed .*\npumps: production \w{12}, previous \w{12}\n/)],
  [
    '--end-shadow',
    async (command) => {
      await sh(`npm run publish -- pumps@${first} --shadow 10`);
      expect((await sh(command)).stdout).toMatch(/pumps: production \w{12}, previous \w{12}\n/);
    },
  ],
  // Of a model that was trained on the same rows, whatever the gates decide.
  [
    '--dry-run',
    async (command) => {
      const { stdout } = await sh(`${command} || test $? = 3`);
      expect(stdout).toMatch(/judge: checks the challenger by every gate/);
    },
  ],
];

testCommands(PAGES.shadow, (command) => CHECKS.find(([part]) => command.includes(part))?.[1]);
