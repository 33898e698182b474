/** A minute of requests, as fast as they are answered. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { type InspectedWorker, inspectedWorker } from '../../scripts/worker/inspectedWorker.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { JSON_TYPE } from '../support/edge/edgeWorker.ts';
import { type GoodRequest, goodRequests } from '../support/edge/goodRequests.ts';
import { exampleRows } from '../support/edge/operationCases.ts';
import { sender } from '../support/edge/sender.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 60);
/** Sent side by side, each client's after its own last one. */
const CLIENTS = 12;
/** Between two measurements of memory, and between two changes of the version that answers. */
const PAUSE_MS = Math.min(1000, (SECONDS * 1000) / 60);
/** How much more memory there may be in the last sixth of the time than in the second. */
const GROWTH = 0.05;

const SCALES = [1, 3];
const stored = SCALES.map((scale) => storedArtifact({ name: 'stored', scale }));
const versions = stored.map(({ manifest }) => manifest.version);
let worker: InspectedWorker;

beforeAll(async () => {
  worker = await inspectedWorker(inject('build'), { LOG: 'problems', ALIASES_TTL_SECONDS: '0.2' });
  for (const artifact of stored) await publishArtifact(worker.bucket, artifact);
});
afterAll(() => worker.dispose());

/** Answered by one of two versions, exactly as that one does, in one piece or in several. */
function flipping(rowCount: number, Accept: string): GoodRequest {
  const rows = exampleRows(rowCount, 6);
  const answers = SCALES.map((scale) => expectedCodes(rows, scale));
  return {
    request: {
      ...{ method: 'POST', path: '/v1/models/stored/encode', body: JSON.stringify({ rows }) },
      headers: { 'Content-Type': JSON_TYPE, Accept },
    },
    check: async ({ status, headers, bytes }) => {
      const pieces = new TextDecoder().decode(bytes).trimEnd().split('\n');
      const codes = pieces.flatMap((piece) => JSON.parse(piece).codes);
      const right = answers[versions.indexOf(headers.get('X-Model-Version')!)];
      expect([status, JSON.stringify(codes)]).toEqual([200, JSON.stringify(right)]);
    },
  };
}

test(`${SECONDS} s at saturation: no error, and no more memory`, {
  timeout: SECONDS * 2000 + 60_000,
}, async () => {
  const { send, close } = sender(worker.url);
  const good = [...goodRequests(), flipping(40, JSON_TYPE), flipping(600, 'application/x-ndjson')];
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  let sent = 0;
  const client = async (number: number): Promise<void> => {
    for (let i = number; elapsed() < SECONDS; i++) {
      const { request, check } = good[i % good.length]!;
      await check(await send(request));
      sent++;
    }
  };
  const samples: { readonly seconds: number; readonly bytes: number }[] = [];
  const flipAndMeasure = async (): Promise<void> => {
    for (let turn = 0; elapsed() < SECONDS; turn++) {
      await writeAliases(worker.bucket, 'stored', { production: versions[turn % 2]! });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      samples.push({ seconds: elapsed(), bytes: await worker.memory() });
    }
  };
  await writeAliases(worker.bucket, 'stored', { production: versions[0]! });
  await Promise.all([flipAndMeasure(), ...Array.from({ length: CLIENTS }, (_, number) => client(number))]);
  close();
  const sixth = (number: number) => {
    const within = samples.filter(({ seconds }) => Math.floor((6 * seconds) / SECONDS) === number);
    return median(within.map(({ bytes }) => bytes));
  };
  const sixths = [0, 1, 2, 3, 4, 5].map(sixth);
  const megabytes = sixths.map((bytes) => (bytes / 2 ** 20).toFixed(2));
  // biome-ignore lint/suspicious/noConsole: what was seen is worth knowing, even of a test that passes.
  console.log(`${(sent / SECONDS).toFixed()} requests/s, ${megabytes} MiB`);
  expect(sixths[5]! / sixths[1]!).toBeLessThan(1 + GROWTH);
  expect(worker.logs).toEqual([]);
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
