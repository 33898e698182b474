import { beforeAll, expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { NEW_SCALE, OLD_VERSION, UNAVAILABLE } from '../support/artifacts/edgeArtifacts.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { asFloat32 } from '../support/edge/asFloat32.ts';
import { edgeWorker, expectProblem, JSON_TYPE, readRows } from '../support/edge/edgeWorker.ts';
import { exampleRows, ROWS_CASES, type RowsOperationName } from '../support/edge/operationCases.ts';

const worker = edgeWorker();
const one = exampleRows(1, 6);
/** Operations whose answers float32 does not round. */
const EXACT = (Object.keys(ROWS_CASES) as RowsOperationName[]).filter((name) => !ROWS_CASES[name].rounds);
/** Bundled models are frozen, and run at once; a bucket's are loaded by their first request, and run one after another. */
const stored = storedArtifact({ name: 'stored', scale: NEW_SCALE });
const MODELS = [
  { model: `linear@${OLD_VERSION}`, scale: 1, operations: EXACT },
  { model: 'linear', scale: NEW_SCALE, operations: EXACT },
  {
    ...{ model: 'stored', scale: NEW_SCALE },
    operations: EXACT.filter((name) => stored.manifest.operations.includes(name)),
  },
];

/** Milliseconds after which a client hangs up. */
const HANG_UPS = [4, 8, 16, 32];

beforeAll(async () => {
  const bucket = await worker.bucket();
  for (const ms of HANG_UPS) {
    const artifact = storedArtifact({ name: `stored-${ms}`, scale: NEW_SCALE });
    await publishArtifact(bucket, artifact);
    await writeAliases(bucket, artifact.manifest.name, { production: artifact.manifest.version });
  }
  await publishArtifact(bucket, stored);
  await writeAliases(bucket, 'stored', { production: stored.manifest.version });
});

test('a client that hangs up while the first request loads the model does not spoil it', async () => {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': JSON_TYPE },
    body: JSON.stringify({ rows: one }),
  };
  /** True if the client hung up before it had an answer. */
  const hangUpAfter = async (ms: number): Promise<boolean> => {
    const path = `/v1/models/stored-${ms}/encode`;
    const first = worker.request(path, { ...init, signal: AbortSignal.timeout(ms) });
    const isEarly = await first.then(
      () => false,
      () => true,
    );
    const next = await worker.request(path, { ...init, signal: AbortSignal.timeout(10_000) });
    expect(await next.json()).toMatchObject({ codes: ROWS_CASES.encode.expected(one, NEW_SCALE) });
    return isEarly;
  };
  // Each loads a model of its own; how long that takes depends on the machine.
  const early: boolean[] = [];
  for (const ms of HANG_UPS) early.push(await hangUpAfter(ms));
  expect(early).toContain(true);
});

test('200 parallel mixed requests get exactly their own answers', async () => {
  const answers = Array.from({ length: 200 }, async (_, seed) => {
    const { model, scale, operations } = MODELS[seed % MODELS.length]!;
    const operation = operations[seed % operations.length]!;
    const { inputWidth, outputWidth, sends, body, expected } = ROWS_CASES[operation];
    const rows = exampleRows(1 + (seed % 9), inputWidth, seed);
    const path = `/v1/models/${model}/${operation}`;
    if (seed % 2 === 0) {
      const answer = await readRows(await worker.postBinary(path, rows), outputWidth);
      expect(answer).toEqual(expected(rows, scale));
    } else {
      const answer = await (await worker.post(path, { [sends]: rows })).json();
      expect(asFloat32(answer)).toMatchObject(asFloat32(body(rows, scale)) as object);
    }
  });
  await Promise.all(answers);
});

test('runs that fail, and models that do not load, hold up nobody', async () => {
  const { expected } = ROWS_CASES.encode;
  const requests = Array.from({ length: 40 }, async (_, seed) => {
    const rows = exampleRows(1 + (seed % 3), 6, seed);
    const failing = worker.post('/v1/models/faulty/encode', { rows: [...one, ...one] });
    const broken = worker.post(`/v1/models/${UNAVAILABLE[seed % UNAVAILABLE.length]}/encode`, { rows });
    const good = await worker.post(`/v1/models/${seed % 2 ? 'stored' : 'linear'}/encode`, { rows });
    expect(await good.json()).toMatchObject({ codes: expected(rows, NEW_SCALE) });
    await expectProblem(await failing, 'internal-error');
    await expectProblem(await broken, 'model-unavailable');
  });
  await Promise.all(requests);
});

test('a model whose run failed answers the next request that it can', async () => {
  await expectProblem(
    await worker.post('/v1/models/faulty/encode', { rows: [...one, ...one] }),
    'internal-error',
  );
  const response = await worker.post('/v1/models/faulty/encode', { rows: [...one, ...one, ...one] });
  expect(await response.json()).toMatchObject({ model: 'faulty', codes: expect.any(Array) });
});

test.each(UNAVAILABLE)('%s: every request is told, and logged with its reason', async (name) => {
  const attempts = () =>
    worker.logs.filter((line) => line.includes('"model-unavailable"') && line.includes(`${name}@`)).length;
  const before = attempts();
  for (let attempt = 0; attempt < 2; attempt++) {
    const response = await worker.post(`/v1/models/${name}/encode`, { rows: one });
    expect(response.headers.get('Retry-After')).toBe('10');
    await expectProblem(response, 'model-unavailable');
  }
  await expect.poll(attempts).toBe(before + 2);
});

test('the other graphs of a model with one bad graph still work', async () => {
  const response = await worker.post('/v1/models/tampered/decode', { codes: [[1, 2]] });
  expect(await response.json()).toMatchObject({ rows: ROWS_CASES.decode.expected([[1, 2]]) });
});
