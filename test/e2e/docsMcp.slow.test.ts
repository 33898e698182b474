/** The commands of the page about tools for agents, with the model that it is about. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, type Running, start } from '../support/commands/cli.ts';
import {
  blocksOf,
  type Check,
  DOCUMENTED_URL,
  newReader,
  PAGES,
  testCommands,
} from '../support/commands/docs.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const reader = newReader();
const { folder, sh } = reader;

let serving: Running;
let url: string;

beforeAll(async () => {
  const config = join(folder, 'wrangler.toml');
  rmSync(config);
  copyFileSync(join(ROOT, 'wrangler.toml'), config);
  const off = readFileSync(config, 'utf8');
  const on = off.replace(/^MCP = "off"$/m, 'MCP = "on"');
  expect(on).not.toBe(off);
  writeFileSync(config, on);
  const train = blocksOf('README.md').find(({ text }) => text.includes('--name pumps'))!;
  await sh(train.text);
  serving = start('serve', ['--port', '0', '--runtime', 'stock'], folder);
  url = /http:\/\/[\d.]+:\d+\//.exec(await serving.saw('press Ctrl-C to stop'))![0];
});

afterAll(() => {
  serving.process.kill('SIGKILL');
});

async function resultOf(command: string): Promise<Record<string, unknown>> {
  const { stdout } = await sh(
    command.replace(DOCUMENTED_URL, url).replace('curl ', 'curl -sS --fail-with-body '),
  );
  return (JSON.parse(stdout) as { result: Record<string, unknown> }).result;
}

const lists: Check = async (command) => {
  const { tools } = (await resultOf(command)) as { tools: { name: string; description: string }[] };
  const score = tools.find(({ name }) => name === 'pumps_score')!;
  expect(score.description).toMatch(/Rows above [\d.]+ are anomalies/);
  expect(score.description).toContain('not the probability of an anomaly');
  expect(score.description).toMatch(/On rows kept for testing: \S+ [\d.]+/);
  expect(JSON.stringify(score)).toMatch(
    /"pressure":\{"type":.*"description":"[\d.]+ to [\d.]+ in training; mean/,
  );
};

const scores: Check = async (command) => {
  const { content, isError } = (await resultOf(command)) as { content: { text: string }[]; isError?: true };
  expect(isError).toBeUndefined();
  expect(JSON.parse(content[0]!.text)).toMatchObject({ model: 'pumps', scores: [{ isAnomaly: true }] });
};

testCommands(PAGES.mcp, (command) => {
  // It has been started, at a port of its own.
  if (command === 'npm run serve')
    return async () => expect((await fetchFresh(new URL('/health', url))).status).toBe(200);
  return command.includes('tools/list') ? lists : scores;
});

it('the page names tools that the models of the README have', () => {
  const named = [
    ...readFileSync(join(ROOT, 'docs/mcp.md'), 'utf8').matchAll(/`(pumps|shop|customers)_\w+`/g),
  ];
  expect(named.length).toBeGreaterThan(3);
});
