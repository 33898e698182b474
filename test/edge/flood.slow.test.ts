/** Far more large bodies than an isolate can hold, and single rows next to them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { privateMemory, workerdProcesses } from '../../scripts/worker/budget/process.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import { floodBody } from '../support/edge/floodBody.ts';
import { exampleRows } from '../support/edge/operationCases.ts';
import { sender } from '../support/edge/sender.ts';
import { ignoreAnswer, startUpload } from '../support/edge/slowClients.ts';

const ENCODE = '/v1/models/linear/encode';
const CONNECTIONS = 200;
const SECONDS = 10;
const PAUSE_MS = 20;
const MAX_P99 = 250;
/** How many large bodies a single row may wait for, on a machine where that takes longer than MAX_P99. */
const MAX_TURNS = 2;
const MIB = 1024 * 1024;
const worker = edgeWorker({ LOG: 'problems' });

const rows = exampleRows(1, 6);
const codes = expectedCodes(rows, NEW_SCALE);
const FLOOD = fileURLToPath(new URL('../support/edge/flood.ts', import.meta.url));

async function flood(): Promise<Record<string, number>> {
  const args = ['--import', 'tsx', FLOOD, new URL(ENCODE, worker.url).href, `${CONNECTIONS}`, `${SECONDS}`];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

/** Milliseconds of one large body while nobody else asks, the median of several: what this machine takes. */
async function turn(): Promise<number> {
  const body = floodBody();
  const headers = { 'Content-Type': 'application/json', Accept: 'application/octet-stream' };
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    const response = await fetchFresh(new URL(ENCODE, worker.url), { method: 'POST', headers, body });
    await response.arrayBuffer();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[2]!;
}

/** MiB of the largest process. */
async function memory(): Promise<number> {
  const sizes = await Promise.all((await workerdProcesses()).map(privateMemory));
  return Math.max(...sizes);
}

test(`${CONNECTIONS} connections with 8 MiB each: no reset, bounded memory, and single rows in time`, async () => {
  const alone = await turn();
  const before = await memory();
  const flooding = flood();
  let isOver = false;
  const ended = flooding.finally(() => {
    isOver = true;
  });
  const times: number[] = [];
  let peak = before;
  const { send, close } = sender(worker.url);
  const headers = { 'Content-Type': 'application/json' };
  while (!isOver) {
    const start = performance.now();
    const { status, bytes } = await send({
      method: 'POST',
      path: ENCODE,
      headers,
      body: JSON.stringify({ rows }),
    });
    expect([status, JSON.parse(new TextDecoder().decode(bytes))]).toMatchObject([200, { codes }]);
    times.push(performance.now() - start);
    peak = Math.max(peak, await memory());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const outcomes = await ended;
  close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]!.toFixed(0);
  // biome-ignore lint/suspicious/noConsole: what was seen is worth knowing, even of a test that passes.
  console.log(
    `${JSON.stringify(outcomes)}; ${times.length} single rows: one large body alone ${alone.toFixed()} ms, median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms; memory ${before.toFixed()} to ${peak.toFixed()} MiB`,
  );
  const expected = ['200 524288 bytes', '503 overloaded', 'again'];
  expect(Object.keys(outcomes).filter((outcome) => !expected.includes(outcome))).toEqual([]);
  expect(outcomes['200 524288 bytes']).toBeGreaterThan(0);
  expect(Number(at(0.99))).toBeLessThan(Math.max(MAX_P99, MAX_TURNS * alone));
  expect(peak - before).toBeLessThan(256);
});

test('answers that nobody takes, and bodies that stand still, take bounded memory', async () => {
  const before = await memory();
  const sample = new URL('/v1/models/linear/sample', worker.url);
  const idle = await Promise.all(
    Array.from({ length: 30 }, () => ignoreAnswer(sample, JSON.stringify({ n: 1024 }))),
  );
  const uploads = await Promise.all(
    Array.from({ length: 60 }, () => startUpload(new URL(ENCODE, worker.url), 8 * MIB, 7 * MIB)),
  );
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const during = await memory();
  expect((await worker.post(ENCODE, { rows })).status).toBe(200);
  // biome-ignore lint/suspicious/noConsole: as above.
  console.log(`30 answers and 60 bodies: ${before.toFixed()} to ${during.toFixed()} MiB`);
  expect(during - before).toBeLessThan(128);
  for (const client of [...idle, ...uploads]) client.close();
});
