/** The commands of the page about jobs, with the model that it is about, and what the command says of mistakes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../shared/jobsApi.ts';
import { type Running, runScript, start } from '../support/commands/cli.ts';
import { blocksOf, type Check, newReader, PAGES, testCommands } from '../support/commands/docs.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const { folder, sh } = newReader();

let serving: Running;
let url: string;

beforeAll(async () => {
  const train = blocksOf('README.md').find(({ text }) => text.includes('--name pumps'))!;
  await sh(train.text);
  serving = start('serve', ['--port', '0', '--runtime', 'stock'], folder);
  url = /http:\/\/[\d.]+:\d+\//.exec(await serving.saw('press Ctrl-C to stop'))![0];
});

afterAll(() => {
  serving.process.kill('SIGKILL');
});

const submits: Check = async (command) => {
  const { stdout } = await sh(command);
  expect(stdout).toContain('uploaded artifacts/pumps.csv to r2://jobs/pumps.csv');
  expect(stdout).toMatch(/2,000 answered, of 2,000/);
  const lines = readFileSync(join(folder, 'artifacts/pumps.scores.ndjson'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2000);
  for (const [row, line] of lines.entries())
    expect(JSON.parse(line)).toMatchObject({ row, isAnomaly: expect.any(Boolean) });
};

const lists: Check = async (command) => {
  expect((await sh(command)).stdout).toMatch(/done .*pumps@\w{12} score.*2,000 of 2,000/);
};

testCommands(PAGES.jobs, (command) => {
  // It has been started, at a port of its own.
  if (command === 'npm run serve')
    return async () => expect((await fetchFresh(new URL('/health', url))).status).toBe(200);
  return command.includes('submit') ? submits : lists;
});

const jobs = (...flags: string[]) => runScript('jobs', flags, folder);

it('shows a job as the API does, and follows it to its end', async () => {
  writeFileSync(
    join(folder, 'artifacts/bad.csv'),
    'pressure,temperature,flow,id\n5,60,30,1\n5,,30,2\n5,60,oops,3\n',
  );
  const submitted = await jobs('submit', 'pumps', '--upload', 'artifacts/bad.csv', '--json');
  const { id } = JSON.parse(submitted.stdout) as Job;
  const { code, stdout } = await jobs('status', id, '--wait', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ id, state: 'done', operation: 'score', input: 'r2://jobs/bad.csv', ignoredColumns: ['id'] },
    ...{ output: 'r2://jobs/bad.score.ndjson', rows: { total: 3, unanswered: 1 } },
  });
  const cancelled = await jobs('cancel', id);
  expect([cancelled.code, cancelled.stderr]).toEqual([2, expect.stringContaining('it is done')]);
});

it('knows the bucket of a running serve also by its address', async () => {
  const address = url.replace('127.0.0.1', 'localhost');
  const flags = ['--upload', 'artifacts/pumps.csv', '--output', 'named.ndjson', '--wait', '--url', address];
  const { code, stdout } = await jobs('submit', 'pumps', ...flags);
  expect([code, stdout]).toEqual([0, expect.stringContaining('2,000 answered, of 2,000')]);
});

it.each([
  [['submit'], 'expected a model'],
  [['submit', 'pumps'], 'expected --input'],
  [['submit', 'pumps', '--input', 'none.csv'], 'there is no object "none.csv"'],
  [['submit', 'pumsp', '--input', 'pumps.csv'], 'no model "pumsp"'],
  [['submit', 'pumps', '--input', 'pumps.csv', '--operation', 'scroe'], 'operation'],
  [['submit', 'pumps', '--input', 'pumps.csv', '--query', 'top'], 'expected key=value'],
  [['submit', 'pumps', '--upload', 'none.csv'], 'none.csv'],
  [['status', 'nothing'], 'no job "nothing"'],
  [['stop', 'nothing'], "'stop' is invalid"],
  [['list', '--url', 'http://127.0.0.1:1'], 'no Worker answers'],
])('%j is a mistake that it explains', async (flags, message) => {
  const { code, stderr } = await jobs(...flags);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
