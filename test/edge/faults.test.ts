import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { type StoredArtifact, storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { type FaultyWorker, faultyWorker } from '../support/edge/faultyWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const TTL_MS = 30;
const TIMEOUT_MS = 500;
const rows = exampleRows(2, 6);
let worker: FaultyWorker;

beforeAll(async () => {
  const seconds = (ms: number) => `${ms / 1000}`;
  worker = await faultyWorker(inject('build'), {
    ALIASES_TTL_SECONDS: seconds(TTL_MS),
    R2_TIMEOUT_SECONDS: seconds(TIMEOUT_MS),
  });
});
afterAll(() => worker.dispose());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function encode(name: string): Promise<{ status: number; body: object }> {
  const response = await worker.post(`/v1/models/${name}/encode`, { rows });
  return { status: response.status, body: (await response.json()) as object };
}

test.each([
  ['throws', 503],
  ['hangs', 503],
  // What is not there cannot be truncated.
  ['truncates', 404],
])('a bucket that %s takes no loaded model away, and is over when it works again', async (fault, unknown) => {
  const { bucket, logs } = worker;
  const first = storedArtifact({ name: fault, scale: 1 });
  const second = storedArtifact({ name: fault, scale: 3 });
  const answer = ({ manifest: { version } }: StoredArtifact, scale: number) => ({
    status: 200,
    body: { model: fault, version, codes: expectedCodes(rows, scale) },
  });
  await publishArtifact(bucket, first);
  await publishArtifact(bucket, second);
  await writeAliases(bucket, fault, { production: first.manifest.version });
  expect(await encode(fault)).toEqual(answer(first, 1));
  await bucket.put('fault', fault);
  await writeAliases(bucket, fault, { production: second.manifest.version });
  // Far longer than what is known holds, from several clients at once.
  const client = async (): Promise<void> => {
    for (const start = Date.now(); Date.now() - start < 800; await pause(10)) {
      expect(await encode(fault)).toEqual(answer(first, 1));
    }
  };
  await Promise.all([client(), client(), client(), client()]);
  // A bundled model needs no bucket; whether there is another one is said, or not known, in bounded time.
  const linear = await encode('linear');
  expect(linear.body).toMatchObject({ codes: expectedCodes(rows, NEW_SCALE) });
  const start = Date.now();
  expect((await encode(`not-${fault}`)).status).toBe(unknown);
  expect(Date.now() - start).toBeLessThan(6 * TIMEOUT_MS);
  expect(logs.filter((line) => line.includes(`"${fault}/aliases.json: unavailable"`))).toHaveLength(1);
  await bucket.delete('fault');
  await expect.poll(() => encode(fault)).toEqual(answer(second, 3));
  expect(logs.filter((line) => line.includes(`"${fault}/aliases.json: available again"`))).toHaveLength(1);
});
