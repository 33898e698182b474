import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { expectedCodes, linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { LOCAL, LOCAL_KEY } from '../support/edge/apiKeys.ts';
import { expectProblem, type StartedWorker, startEdgeWorker } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';
import { fullDescribe } from '../support/suites/full.ts';

const one = exampleRows(1, 6);
const two = exampleRows(2, 6);
const EVEN = '/v1/models/even/encode';

describe('frozen without having seen what throws', () => {
  let worker: StartedWorker;
  beforeAll(async () => {
    worker = await startEdgeWorker(inject('poorBuild'), { ...LOCAL, ALIASES_TTL_SECONDS: '0.05' });
  });
  afterAll(() => worker.dispose());
  const codes = async (rows: number[][]) => {
    const response = await worker.post('/v1/models/linear/encode', { rows });
    expect(response.status).toBe(200);
    return ((await response.json()) as { codes: number[][] }).codes;
  };

  test('a trap is a problem that is logged with model and shape, and the next request is answered', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      await expectProblem(await worker.post(EVEN, { rows: one }), 'runtime-trapped');
      expect(await (await worker.post(EVEN, { rows: two })).json()).toMatchObject({ codes: two });
      expect(await codes(one)).toEqual(expectedCodes(one));
    }
    await expect.poll(() => worker.logs.join('\n')).toMatch(/even@[0-9a-f]{12}\/encoder with rows \[1, 6\]/);
  });

  test('requests beside one that traps get their own answers', async () => {
    const requests = Array.from({ length: 60 }, async (_, seed) => {
      if (seed % 6 === 0) return expectProblem(await worker.post(EVEN, { rows: one }), 'runtime-trapped');
      const rows = exampleRows(2 + 2 * (seed % 2), 6, seed);
      expect(await codes(rows)).toEqual(expectedCodes(rows));
    });
    await Promise.all(requests);
  });

  test('a model of the bucket cannot be loaded, and the log says what to do', async () => {
    const reference = await published(worker);
    const response = await worker.post(`/v1/models/${reference}/encode`, { rows: one });
    await expectProblem(response, 'model-unavailable');
    await expect.poll(() => worker.logs.join('\n')).toContain('frozen+slim');
  });

  test('versions that it cannot run are listed after those that it can, and not as ready', async () => {
    const bucket = await worker.bucket();
    const { manifest, ...stored } = storedArtifact({ name: 'linear', scale: SCALE });
    await publishArtifact(bucket, { manifest, ...stored });
    await writeAliases(bucket, 'linear', { production: manifest.version });
    const bundled = linearArtifact().manifest.version;
    const index = async () => {
      const response = await worker.post('/v2/repository/index', {});
      const all = (await response.json()) as {
        name: string;
        version: string;
        state: string;
        reason: string;
      }[];
      return all.filter(({ name }) => name === 'linear');
    };
    const headers = { 'X-API-Key': LOCAL_KEY.key };
    expect((await worker.request('/admin/reload', { method: 'POST', headers })).status).toBe(200);
    await expect.poll(async () => (await index()).length, { timeout: 5000 }).toBe(2);
    expect(await index()).toMatchObject([
      { version: bundled, state: 'READY', reason: '' },
      { version: manifest.version, state: 'UNAVAILABLE', reason: expect.stringContaining('bundled models') },
    ]);
    const { models } = (await (await worker.request('/v1/models')).json()) as {
      models: { version: string }[];
    };
    expect(models.map(({ version }) => version).indexOf(bundled)).toBeLessThan(
      models.map(({ version }) => version).indexOf(manifest.version),
    );
    expect(await codes(one)).toEqual(expectedCodes(one));
  });
});

fullDescribe('frozen+slim', () => {
  let directory: string;
  let worker: StartedWorker;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'latentedge-slim-'));
    const models = await bundleModels([linearArtifact()], join(directory, 'bundle'), {
      runtime: 'frozen+slim',
      workload: { batchSizes: [1, 2, 4], errors: true },
    });
    worker = await startEdgeWorker(await buildWorker(join(directory, 'worker'), models));
  });
  afterAll(async () => {
    await worker.dispose();
    await rm(directory, { recursive: true });
  });

  test('bundled models are frozen, and those of a bucket are loaded', async () => {
    const reference = await published(worker);
    for (const [model, scale] of [
      ['linear', 1],
      [reference, SCALE],
    ] as const) {
      const answer = await worker.post(`/v1/models/${model}/encode`, { rows: two });
      expect(await answer.json()).toMatchObject({ codes: expectedCodes(two, scale) });
    }
  });
});

const SCALE = 3;

/** Puts a model into a Worker's bucket. */
async function published(worker: StartedWorker): Promise<string> {
  const artifact = storedArtifact({ name: 'stored', scale: SCALE });
  await publishArtifact(await worker.bucket(), artifact);
  return `${artifact.manifest.name}@${artifact.manifest.version}`;
}
