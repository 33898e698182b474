/** Requests as fast as they are answered, while a stored model changes its version once a second. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import type { WorkerBuild } from '../../../scripts/worker/build.ts';
import { type InspectedWorker, inspectedWorker } from '../../../scripts/worker/inspectedWorker.ts';
import { expectedCodes } from '../artifacts/linearArtifact.ts';
import { type StoredArtifact, storedArtifact } from '../artifacts/storedArtifact.ts';
import { LOCAL } from './apiKeys.ts';
import { JSON_TYPE } from './edgeWorker.ts';
import { type GoodRequest, goodRequests } from './goodRequests.ts';
import { exampleRows } from './operationCases.ts';
import { sender } from './sender.ts';

/** Sent side by side, each client's after its own last one. */
const CLIENTS = 12;
/** How much more memory there may be in the last sixth of the time than in the second. */
const GROWTH = 0.05;

const SCALES = [1, 3];

export interface Soak {
  readonly seconds: number;
  /** @param folder For its files, deleted at the end. */
  readonly build: (folder: string) => Promise<WorkerBuild>;
  /** Adds what a version has in the bucket besides its graphs. */
  readonly published?: (version: StoredArtifact) => Promise<Parameters<typeof publishArtifact>[1]>;
  /** Looks at the Worker at the end. */
  readonly atEnd?: (worker: InspectedWorker) => Promise<void>;
}

/** Registers the test. */
export function soak({ seconds, build, published = async (version) => version, atEnd }: Soak): void {
  /** Between two measurements of memory, and between two changes of the version that answers. */
  const pauseMs = Math.min(1000, (seconds * 1000) / 60);
  const stored = SCALES.map((scale) => storedArtifact({ name: 'stored', scale }));
  const versions = stored.map(({ manifest }) => manifest.version);
  let worker: InspectedWorker | undefined;
  let folder: string;

  beforeAll(async () => {
    const variables = { ...LOCAL, LOG: 'problems', ALIASES_TTL_SECONDS: '0.2' };
    folder = await mkdtemp(join(tmpdir(), 'latentedge-soak-'));
    worker = await inspectedWorker(await build(folder), variables);
    for (const artifact of stored) await publishArtifact(worker.bucket, await published(artifact));
  });
  afterAll(async () => {
    await worker?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

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

  test(`${seconds} s at saturation: no error, and no more memory`, {
    timeout: seconds * 2000 + 60_000,
  }, async () => {
    const { url, bucket, logs, memory } = worker!;
    const { send, close } = sender(url);
    const good = [...goodRequests(), flipping(40, JSON_TYPE), flipping(600, 'application/x-ndjson')];
    // One of the models fails whatever it is asked, when the Worker tries it while it starts, too.
    const logged = [...logs];
    const start = performance.now();
    const elapsed = () => (performance.now() - start) / 1000;
    let sent = 0;
    const client = async (number: number): Promise<void> => {
      for (let i = number; elapsed() < seconds; i++) {
        const { request, check } = good[i % good.length]!;
        await check(await send(request));
        sent++;
      }
    };
    const samples: { readonly seconds: number; readonly bytes: number }[] = [];
    const flipAndMeasure = async (): Promise<void> => {
      for (let turn = 0; elapsed() < seconds; turn++) {
        await writeAliases(bucket, 'stored', { production: versions[turn % 2]! });
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        samples.push({ seconds: elapsed(), bytes: await memory() });
      }
    };
    await writeAliases(bucket, 'stored', { production: versions[0]! });
    await Promise.all([flipAndMeasure(), ...Array.from({ length: CLIENTS }, (_, number) => client(number))]);
    close();
    const sixth = (number: number) => {
      const within = samples.filter((each) => Math.floor((6 * each.seconds) / seconds) === number);
      return median(within.map(({ bytes }) => bytes));
    };
    const sixths = [0, 1, 2, 3, 4, 5].map(sixth);
    const megabytes = sixths.map((bytes) => (bytes / 2 ** 20).toFixed(2));
    // biome-ignore lint/suspicious/noConsole: what was seen is worth knowing, even of a test that passes.
    console.log(`${(sent / seconds).toFixed()} requests/s, ${megabytes} MiB`);
    expect(sixths[5]! / sixths[1]!).toBeLessThan(1 + GROWTH);
    expect(logs).toEqual(logged);
    await atEnd?.(worker!);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
