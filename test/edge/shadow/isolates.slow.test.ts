/** A shadow whose versions run in isolates of their own (`RUNTIME = "dynamic"`). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { buildWorker } from '../../../scripts/worker/build.ts';
import { bundleModels } from '../../../scripts/worker/bundle.ts';
import { freezeModule } from '../../../scripts/worker/frozenModule.ts';
import { AdminStats } from '../../../shared/adminApi.ts';
import { FROZEN_FOLDER } from '../../../shared/frozenModule.ts';
import { expectedCodes } from '../../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { LOCAL, LOCAL_KEY } from '../../support/edge/apiKeys.ts';
import { type FaultyWorker, faultyWorker } from '../../support/edge/faultyWorker.ts';
import { exampleRows } from '../../support/edge/operationCases.ts';

const SCALES = [1, 2] as const;
const rows = exampleRows(3, 6);
const CODES = SCALES.map((scale) => expectedCodes(rows, scale).flat()) as [number[], number[]];
const LARGEST = Math.max(...CODES[0].map((value, i) => Math.abs(value - CODES[1][i]!)));
const REQUESTS = 3;

let directory: string;
let worker: FaultyWorker;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'latentedge-shadow-'));
  const models = await bundleModels([], join(directory, 'bundle'), { runtime: 'dynamic' });
  const build = await buildWorker(join(directory, 'worker'), models);
  worker = await faultyWorker(build, { ...LOCAL, LOG: 'problems' });
});
afterAll(async () => {
  await worker?.dispose();
  await rm(directory, { recursive: true, force: true });
});

/** Publishes two versions with a frozen module each, the first in production and the second its shadow. */
async function shadowed(name: string): Promise<{ production: string; shadow: string }> {
  const versions: string[] = [];
  for (const scale of SCALES) {
    const artifact = storedArtifact({ name, scale, operations: ['encode'] });
    const frozen = await freezeModule(artifact, { workload: { batchSizes: [1, 3], errors: false } });
    await publishArtifact(worker.bucket, { ...artifact, frozen });
    versions.push(artifact.manifest.version);
  }
  const [production, shadow] = versions as [string, string];
  await writeAliases(worker.bucket, name, { production, shadow: { version: shadow, percentage: 100 } });
  return { production, shadow };
}

async function statsOf(name: string) {
  const stats = await worker.get('/admin/stats', { 'X-API-Key': LOCAL_KEY.key });
  const { shadows, isolates } = AdminStats.parse(await stats.json());
  return {
    shadows: shadows.filter((each) => each.name === name),
    isolates: isolates!.filter(({ version }) => version.startsWith(`${name}@`)),
  };
}

/** Sends requests one after the other, each once the one before is compared. */
async function expectCompared(name: string, versions: { production: string; shadow: string }): Promise<void> {
  for (let request = 1; request <= REQUESTS; request++) {
    const response = await worker.post(`/v1/models/${name}/encode`, { rows });
    expect(await response.json()).toMatchObject({ version: versions.production, codes: expectedCodes(rows) });
    const found = async () => (await statsOf(name)).shadows[0]?.requests;
    await expect.poll(found, { timeout: 5000 }).toBe(request);
  }
  const { shadows } = await statsOf(name);
  expect(shadows).toMatchObject([
    {
      ...{ ...versions, operation: 'encode', rows: 3 * REQUESTS, errors: 0, dropped: 0 },
      values: { count: 6 * REQUESTS, largestDifference: expect.closeTo(LARGEST, 5) },
    },
  ]);
}

test('both versions are asked in their isolates', async () => {
  const versions = await shadowed('isolated');
  await expectCompared('isolated', versions);
  const { isolates } = await statsOf('isolated');
  const started = { part: 1, starts: 1, replaced: 0 };
  expect(isolates).toEqual(
    [versions.production, versions.shadow].map((version) => ({ version: `isolated@${version}`, ...started })),
  );
});

test('a shadow whose isolate cannot start is asked in the main one', async () => {
  const versions = await shadowed('damaged');
  const folder = `damaged/${versions.shadow}/${FROZEN_FOLDER}`;
  const { objects } = await worker.bucket.list({ prefix: folder });
  for (const { key } of objects) await worker.bucket.delete(key);
  await expectCompared('damaged', versions);
  const { isolates } = await statsOf('damaged');
  expect(isolates.map(({ version }) => version)).toEqual([`damaged@${versions.production}`]);
});
