import { asyncProperty, check } from 'fast-check';
import { expect, inject, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { edgeArtifacts, UNAVAILABLE } from '../support/artifacts/edgeArtifacts.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { API_KEYS, withKey } from '../support/edge/apiKeys.ts';
import { ADDRESSES, type Answer, documented } from '../support/edge/contract.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { judge, routed } from '../support/edge/fuzz/judge.ts';
import { anyRequest } from '../support/edge/fuzz/requests.ts';
import { goodRequests } from '../support/edge/goodRequests.ts';
import { type SentRequest, sender } from '../support/edge/sender.ts';
import { fullIt } from '../support/suites/full.ts';
import { FUZZED } from '../support/suites/suites.ts';

/** The same requests in every run, or others: FUZZ_SEED=$RANDOM. */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? FUZZED[inject('suite')]);
/** Sent side by side, each client's after its own last one. */
const CLIENTS = 16;

const worker = edgeWorker(
  {
    ...{ API_KEYS, LOG: 'problems', ALIASES_TTL_SECONDS: '0.2' },
    ...{ MAX_ROWS: '8', MAX_STREAMED_ROWS: '16', MAX_BODY_BYTES: '8192' },
  },
  1e9,
);
/** One fails while it runs, which is an error of the Worker's own. */
const bundled = edgeArtifacts().filter(({ manifest }) => !['faulty', 'elsewhere'].includes(manifest.name));
const stored = [1, 3].map((scale) => storedArtifact({ name: 'stored', scale }));
const manifests = [...bundled, ...stored].map(({ manifest }) => manifest);
const broken = new RegExp(`/(${UNAVAILABLE.join('|')})\\b`);
const good = goodRequests(withKey('both'));

/** What came back, in numbers. */
const statuses: Record<string, number> = {};
const answered = new Set<string>();

function count({ method, path }: SentRequest, { status }: Answer): void {
  statuses[status] = (statuses[status] ?? 0) + 1;
  const found = documented(method, routed(path));
  if (found && status === 200) answered.add(`${method} ${found.at[1]}`);
}

test(`${REQUESTS} requests are answered as documented`, { timeout: 300_000 }, async () => {
  const bucket = await worker.bucket();
  for (const artifact of stored) await publishArtifact(bucket, artifact);
  const [production, canary] = stored.map(({ manifest }) => manifest.version) as [string, string];
  await writeAliases(bucket, 'stored', { production, canary: { version: canary, percentage: 50 } });
  const { send, close } = sender(worker.url);
  let isOver = false;
  const client = (number: number) => {
    const property = asyncProperty(anyRequest(manifests), async (request) => {
      const answer = await send(request);
      count(request, answer);
      expect(await judge(request, answer, broken)).toEqual([]);
    });
    return check(property, { seed: SEED + number, numRuns: Math.ceil(REQUESTS / CLIENTS) });
  };
  const goodClient = async (): Promise<void> => {
    while (!isOver) for (const { request, check } of good) await check(await send(request));
  };
  const start = performance.now();
  const others = goodClient();
  const runs = await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  const seconds = (performance.now() - start) / 1000;
  isOver = true;
  await others;
  // biome-ignore lint/suspicious/noConsole: what was sent can be sent again, and is seen to be mixed.
  console.log(`FUZZ_SEED=${SEED}: ${(REQUESTS / seconds).toFixed()} requests/s, ${JSON.stringify(statuses)}`);
  for (const { failed, counterexample, errorInstance } of runs) {
    if (failed)
      throw new Error(`FUZZ_SEED=${SEED}: ${JSON.stringify(counterexample)}`, { cause: errorInstance });
  }
  close();
});

test('many of them came through', () => {
  const total = Object.values(statuses).reduce((sum, each) => sum + each, 0);
  expect(statuses[200]! / total).toBeGreaterThan(0.3);
  expect(statuses[200]! / total).toBeLessThan(0.8);
});

// Few requests do not reach every one; this Worker has no bindings for jobs.
fullIt('some came through to every route', () => {
  const missed = ADDRESSES.filter((address) => !answered.has(address));
  expect(missed.filter((address) => !address.includes(' /v1/jobs'))).toEqual([]);
});

test('good requests are answered as before', async () => {
  const { send, close } = sender(worker.url);
  for (const { request, check } of good) await check(await send(request));
  close();
});
