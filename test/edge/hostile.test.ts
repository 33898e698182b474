/** Requests that cost far more than they should, or leave something behind for those that follow. */
import { describe, expect, test } from 'vitest';
import { NDJSON_TYPE } from '../../edge/requests/media.ts';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, expectedRows } from '../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { LOCAL, LOCAL_KEY } from '../support/edge/apiKeys.ts';
import { BINARY_TYPE, edgeWorker, expectProblem, JSON_TYPE } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';
import { fullDescribe } from '../support/suites/full.ts';

const worker = edgeWorker(LOCAL);
const rows = exampleRows(2, 6);

async function expectGood(): Promise<void> {
  const response = await worker.post('/v1/models/linear/encode', { rows });
  expect(await response.json()).toMatchObject({ codes: expectedCodes(rows, NEW_SCALE) });
}

describe('millions of wrong elements are one error', () => {
  const MILLIONS = `${'null,'.repeat(1_600_000)}null`;
  const input = (shape: string) => `{"inputs":[{"name":"rows","datatype":"FP32","shape":[${shape}]}]}`;

  test.each([
    ['rows', 'too-many-rows', '/v1/models/linear/encode', `{"rows":[${MILLIONS}]}`],
    ['labels', 'invalid-label', '/v1/models/conditional/decode', `{"codes":[[0,0]],"labels":[${MILLIONS}]}`],
    ['items', 'invalid-body', '/v1/models/items/recommend', `{"items":[${MILLIONS}]}`],
  ] as const)('%s', async (_, slug, path, body) => {
    await expectProblem(await worker.post(path, body), slug);
    await expectGood();
  });

  test.each([
    ['inputs', `{"inputs":[${MILLIONS}]}`],
    ['outputs', `{"inputs":[],"outputs":[${MILLIONS}]}`],
    ['a shape', input(MILLIONS)],
  ])('of the protocol: %s', async (_, body) => {
    const response = await worker.post('/v2/models/linear/infer', body);
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.stringContaining('Too big') },
    ]);
    await expectGood();
  });
});

describe('few bytes cannot ask for more values than a body could hold', () => {
  // Of 8 bytes for each of 6 values, 1000 bytes are 20 rows, whatever the limit of rows is.
  const small = edgeWorker({ MAX_BODY_BYTES: '1000' });
  const codes = new Array(30).fill([0, 0]);

  test.each([
    ['sample', { n: 21 }],
    ['interpolate', { codes: [[0, 0], [1, 1]], steps: 21 }], // biome-ignore format: pairs
    ['traverse', { codes: [[0, 0]], dimension: 0, steps: 21 }],
  ])('%s', async (name, body) => {
    const problem = await expectProblem(await small.post(`/v1/models/linear/${name}`, body), 'too-many-rows');
    expect(problem.limit).toBe(20);
  });

  test('decode: in pieces', async () => {
    const path = '/v1/models/linear/decode';
    const whole = await small.post(path, { codes }, { Accept: JSON_TYPE });
    expect(await whole.json()).toMatchObject({ rows: expectedRows(codes) });
    const text = await (await small.post(path, { codes }, { Accept: NDJSON_TYPE })).text();
    const pieces = text.trimEnd().split('\n');
    expect(pieces).toHaveLength(6);
    expect(pieces.flatMap((piece) => JSON.parse(piece).rows)).toEqual(expectedRows(codes));
  });
});

test('a name that no key of a bucket can hold is unknown, and changes nothing', async () => {
  const name = 'x'.repeat(2000);
  await expectProblem(await worker.post(`/v1/models/${name}/encode`, { rows }), 'unknown-model');
  const headers = { 'X-API-Key': LOCAL_KEY.key };
  expect((await worker.request('/admin/reload', { method: 'POST', headers })).status).toBe(200);
  expect(worker.logs.filter((line) => line.startsWith('bucket'))).toEqual([]);
});

fullDescribe('clients that hang up while an answer is streamed', () => {
  // Room for one graph, so that each run of another loads its graph anew, in the middle of an answer; and for all bodies.
  const crowded = edgeWorker({ MODEL_CACHE_BYTES: '1', MAX_IN_FLIGHT_BYTES: '1000000000', LOG: 'problems' });
  const SCALES = [3, 4, 5, 6];
  const many = new Float32Array(60_000 * 6);

  const post = (scale: number, body: BodyInit, type: string, patience: number) =>
    crowded.request(`/v1/models/scale-${scale}/encode`, {
      ...{ method: 'POST', headers: { 'Content-Type': type }, body },
      signal: AbortSignal.timeout(patience),
    });
  const hangUp = async (scale: number, after: number): Promise<void> => {
    try {
      await (await post(scale, many, BINARY_TYPE, after)).arrayBuffer();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  };
  const encode = async (scale: number): Promise<void> => {
    const response = await post(scale, JSON.stringify({ rows }), JSON_TYPE, 20_000);
    expect(await response.json()).toMatchObject({ codes: expectedCodes(rows, scale) });
  };

  test('keep no model from others', async () => {
    const bucket = await crowded.bucket();
    // While it started, its faulty model was asked for a row.
    const before = crowded.logs.length;
    for (const scale of SCALES) {
      const artifact = storedArtifact({ name: `scale-${scale}`, scale });
      await publishArtifact(bucket, artifact);
      await writeAliases(bucket, artifact.manifest.name, { production: artifact.manifest.version });
    }
    for (let round = 0; round < 40; round++) {
      const hangUps = SCALES.flatMap((scale) => [
        hangUp(scale, 1 + ((round * 7 + scale * 11) % 40)),
        hangUp(scale, 1 + ((round * 11 + scale * 5) % 25)),
      ]);
      await Promise.all([...SCALES, ...SCALES].map(encode));
      await Promise.all(hangUps);
    }
    expect(crowded.logs.slice(before)).toEqual([]);
  });

  // Room for four such bodies.
  const narrow = edgeWorker({ MODEL_CACHE_BYTES: '1', MAX_IN_FLIGHT_BYTES: `${8 * 1024 * 1024}` });

  test('give back what they held in seconds', async () => {
    const bucket = await narrow.bucket();
    for (const scale of [3, 4]) {
      const artifact = storedArtifact({ name: `scale-${scale}`, scale });
      await publishArtifact(bucket, artifact);
      await writeAliases(bucket, artifact.manifest.name, { production: artifact.manifest.version });
    }
    const send = (scale: number, patience: number) =>
      narrow.request(`/v1/models/scale-${scale}/encode`, {
        ...{ method: 'POST', headers: { 'Content-Type': BINARY_TYPE }, body: many },
        signal: AbortSignal.timeout(patience),
      });
    for (let round = 0; round < 3; round++) {
      const impatient = [3, 4, 3, 4, 3, 4].map((scale, i) => send(scale, 3 + ((round * 5 + i * 7) % 30)));
      await Promise.allSettled(impatient);
      const patient = async () => {
        const response = await send(3, 20_000);
        await response.arrayBuffer();
        return response.status;
      };
      // They were to last for a minute, twice the time limit of a request.
      await expect.poll(patient, { timeout: 20_000, interval: 500 }).toBe(200);
    }
  });
});
