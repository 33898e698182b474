/** Versions of a bucket in frozen isolates of their own, next to the same Worker without a loader. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredModule } from '../../scripts/store/frozenModule.ts';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { freezeModule } from '../../scripts/worker/frozenModule.ts';
import { AdminStats } from '../../shared/adminApi.ts';
import { FROZEN_FOLDER, FROZEN_MANIFEST } from '../../shared/frozenModule.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { type Artifact, versionOf } from '../../training/artifact/artifact.ts';
import { columnsArtifact } from '../support/artifacts/columnsArtifact.ts';
import { conditionalArtifact } from '../support/artifacts/conditionalArtifact.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { itemsArtifact, shopArtifact } from '../support/artifacts/itemsArtifact.ts';
import { expectedCodes, linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { LOCAL, LOCAL_KEY } from '../support/edge/apiKeys.ts';
import { BINARY_TYPE } from '../support/edge/edgeWorker.ts';
import { type FaultyWorker, faultyWorker } from '../support/edge/faultyWorker.ts';
import {
  BODY_CASES,
  type BodyOperationName,
  exampleRows,
  ROWS_CASES,
  type RowsOperationName,
} from '../support/edge/operationCases.ts';

const WORKLOAD = { batchSizes: [1, 2, 3, 17, 256], errors: true };
const TTL_MS = 50;
const TIMEOUT_MS = 500;
const rows = exampleRows(2, 6);

let directory: string;
/** Versions run in isolates of their own. */
let isolated: FaultyWorker;
/** The same build without the binding: versions run in the main isolate, on onnxruntime-web. */
let plain: FaultyWorker;

/** An artifact whose version is the hash of its content, as a bucket requires. */
function stored({ manifest, ...artifact }: Artifact): Artifact {
  const { version: _, ...content } = manifest;
  return { ...artifact, manifest: { ...content, version: versionOf(content) } };
}

const linear = (name: string, scale = 1) => stored(linearArtifact({ name, scale }));
const frozen = (artifact: Artifact) => freezeModule(artifact, { workload: WORKLOAD });

/** The module of a version whose graphs are those of another. */
function renamed(module: StoredModule, { manifest: { name, version } }: Artifact): StoredModule {
  return { ...module, manifest: { ...module.manifest, name, version } };
}

async function publish({ bucket }: FaultyWorker, artifact: Artifact, module?: StoredModule): Promise<void> {
  const { manifest, graphs } = artifact;
  await publishArtifact(bucket, { manifest, graphs, frozen: module });
}

async function statsOf(worker: FaultyWorker): Promise<AdminStats> {
  return AdminStats.parse(await (await worker.get('/admin/stats', { 'X-API-Key': LOCAL_KEY.key })).json());
}

/** The isolate of the newest version of a model, as the Worker reports it. */
async function isolateOf({ manifest: { name, version } }: Artifact) {
  const { isolates } = await statsOf(isolated);
  return isolates?.find((each) => each.version === `${name}@${version}`);
}

async function encoded(worker: FaultyWorker, reference: string) {
  const response = await worker.post(`/v1/models/${reference}/encode`, { rows });
  return { status: response.status, body: (await response.json()) as object };
}

const answerOf = ({ manifest: { name, version } }: Artifact, scale = 1) => ({
  status: 200,
  body: { model: name, version, codes: expectedCodes(rows, scale) },
});

const good = [
  linear('linear', NEW_SCALE),
  ...[conditionalArtifact(), itemsArtifact(), shopArtifact(), columnsArtifact()].map(stored),
];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'latentedge-isolates-'));
  const models = await bundleModels([], join(directory, 'bundle'), { runtime: 'dynamic' });
  const build = await buildWorker(join(directory, 'worker'), models);
  const variables = {
    ...LOCAL,
    LOG: 'problems',
    ALIASES_TTL_SECONDS: `${TTL_MS / 1000}`,
    R2_TIMEOUT_SECONDS: `${TIMEOUT_MS / 1000}`,
  };
  isolated = await faultyWorker(build, variables);
  plain = await faultyWorker(build, variables, { workerLoaders: {} });
  for (const artifact of good) {
    const module = await frozen(artifact);
    for (const worker of [isolated, plain]) {
      await publish(worker, artifact, module);
      await writeAliases(worker.bucket, artifact.manifest.name, { production: artifact.manifest.version });
    }
  }
});
afterAll(async () => {
  await Promise.all([isolated?.dispose(), plain?.dispose()]);
  await rm(directory, { recursive: true, force: true });
});

/** Expects the same bytes of both Workers. */
async function expectSame(path: string, body: object, Accept: string): Promise<void> {
  const answers = await Promise.all([isolated, plain].map((worker) => worker.post(path, body, { Accept })));
  const [own, other] = await Promise.all(answers.map(async (each) => Buffer.from(await each.arrayBuffer())));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(own!.equals(other!)).toBe(true);
}

describe('answers are the same bytes as those of the main isolate', () => {
  test.each(Object.keys(ROWS_CASES) as RowsOperationName[])('%s', async (name) => {
    const { inputWidth, sends } = ROWS_CASES[name];
    for (const count of [1, 2, 17, 1500]) {
      const body = { [sends]: exampleRows(count, inputWidth) };
      const path = `/v1/models/linear/${name}`;
      await expectSame(path, body, count > 1024 ? 'application/x-ndjson' : 'application/json');
      if (count <= 1024) await expectSame(path, body, BINARY_TYPE);
    }
  });

  test.each(Object.keys(BODY_CASES) as BodyOperationName[])('%s', async (name) => {
    for (const [, model, body] of BODY_CASES[name])
      await expectSame(`/v1/models/${model}/${name}`, body, 'application/json');
  });

  test('each model ran in an isolate of its own there, and in the main one here, which the log says once', async () => {
    const versions = good.map(({ manifest: { name, version } }) => `${name}@${version}`);
    const { isolates } = await statsOf(isolated);
    expect(isolates!.map(({ version }) => version)).toEqual(
      expect.arrayContaining(versions.filter((each) => !each.startsWith('columns'))),
    );
    for (const each of isolates!) expect(each).toMatchObject({ starts: 1, replaced: 0 });
    expect((await statsOf(plain)).isolates).toBeNull();
    expect(plain.logs.filter((line) => line.includes('worker_loaders'))).toHaveLength(1);
    expect(isolated.logs.filter((line) => line.includes('worker_loaders'))).toHaveLength(0);
  });
});

/** The module of every linear model of this scale. */
let whole: StoredModule;
beforeAll(async () => {
  whole = await frozen(linear('whole', 5));
});

test('requests side by side share one start', async () => {
  const artifact = linear('crowd', 5);
  await publish(isolated, artifact, renamed(whole, artifact));
  const reference = `crowd@${artifact.manifest.version}`;
  const answers = await Promise.all(Array.from({ length: 20 }, () => encoded(isolated, reference)));
  for (const each of answers) expect(each).toEqual(answerOf(artifact, 5));
  expect(await isolateOf(artifact)).toMatchObject({ starts: 1, replaced: 0 });
});

test('versions that are first asked for side by side each start, in the requests that need them', async () => {
  const artifacts = [1, 2, 3, 4].map((each) => linear(`beside-${each}`, 5));
  for (const artifact of artifacts) await publish(isolated, artifact, renamed(whole, artifact));
  const requests = artifacts.flatMap((artifact) => [artifact, artifact, artifact]);
  const answers = await Promise.all(
    requests.map(({ manifest: { name, version } }) => encoded(isolated, `${name}@${version}`)),
  );
  expect(answers).toEqual(requests.map((artifact) => answerOf(artifact, 5)));
  for (const artifact of artifacts)
    expect(await isolateOf(artifact)).toMatchObject({ starts: 1, replaced: 0 });
});

/** Damage to a module in the bucket, by file. */
const DAMAGES = {
  'a truncated image': ['image', (bytes: Uint8Array) => bytes.slice(0, bytes.length / 2)],
  'an image with another bit': ['image', (bytes: Uint8Array) => flipped(bytes)],
  'other code': ['runner', () => new TextEncoder().encode('export default {}')],
  'a missing file': ['wasm', () => undefined],
  'a manifest that is no JSON': ['manifest', () => new TextEncoder().encode('{')],
} as const;

function flipped(bytes: Uint8Array): Uint8Array {
  const other = bytes.slice();
  other[other.length >> 1]! ^= 1;
  return other;
}

function fileOf({ manifest: { parts } }: StoredModule, kind: 'image' | 'runner' | 'wasm'): string {
  return kind === 'image' ? parts[0]!.image[0]!.file : parts[0]!.files[kind].file;
}

test.each(Object.keys(DAMAGES) as (keyof typeof DAMAGES)[])(
  '%s: the graphs answer in the main isolate, and the log says why',
  async (what) => {
    const [kind, damage] = DAMAGES[what];
    const artifact = linear(`damaged-${Object.keys(DAMAGES).indexOf(what)}`, 5);
    const module = renamed(whole, artifact);
    await publish(isolated, artifact, module);
    const { name, version } = artifact.manifest;
    const file = kind === 'manifest' ? FROZEN_MANIFEST : fileOf(module, kind);
    const key = `${name}/${version}/${FROZEN_FOLDER}/${file}`;
    const bytes = damage(new Uint8Array(module.files.get(file) ?? []));
    if (bytes === undefined) await isolated.bucket.delete(key);
    else await isolated.bucket.put(key, bytes);
    const reference = `${name}@${version}`;
    for (let i = 0; i < 3; i++) expect(await encoded(isolated, reference)).toEqual(answerOf(artifact, 5));
    expect(await isolateOf(artifact)).toBeUndefined();
    const lines = isolated.logs.filter((line) => line.includes(`frozen module of ${reference}: unavailable`));
    expect(lines).toHaveLength(1);
  },
);

test('a version without a module answers in the main isolate', async () => {
  const artifact = linear('unfrozen', 5);
  await publish(isolated, artifact);
  expect(await encoded(isolated, `unfrozen@${artifact.manifest.version}`)).toEqual(answerOf(artifact, 5));
  expect(await isolateOf(artifact)).toBeUndefined();
  // Frozen later, and read again.
  await publish(isolated, artifact, renamed(whole, artifact));
  const headers = { 'X-API-Key': LOCAL_KEY.key };
  expect((await isolated.post('/admin/reload', {}, headers)).status).toBe(200);
  expect(await encoded(isolated, `unfrozen@${artifact.manifest.version}`)).toEqual(answerOf(artifact, 5));
  expect(await isolateOf(artifact)).toMatchObject({ starts: 1 });
});

test('a request that needs what was left out is answered, and the isolate goes on', async () => {
  const artifact = linear('poor', 7);
  const poor = await freezeModule(artifact, { workload: { batchSizes: [1], errors: false } });
  await publish(isolated, artifact, poor);
  const path = `/v1/models/poor@${artifact.manifest.version}/encode`;
  for (const count of [1, 64, 1, 300, 1]) {
    const asked = exampleRows(count, 6);
    const response = await isolated.post(path, { rows: asked });
    expect(await response.json()).toMatchObject({ codes: expectedCodes(asked, 7) });
  }
  expect(await isolateOf(artifact)).toMatchObject({ starts: 1, replaced: 0 });
});

test('graphs of a version in two isolates answer alike, and a damaged part leaves the other alone', async () => {
  const artifact = linear('parts', 9);
  const only = (operations: OperationName[]) => ({
    ...artifact,
    manifest: { ...artifact.manifest, operations },
  });
  const [one, two] = [await frozen(only(['encode'])), await frozen(only(['decode']))];
  const module: StoredModule = {
    manifest: { ...one.manifest, parts: [...one.manifest.parts, ...two.manifest.parts] },
    files: new Map([...one.files, ...two.files]),
  };
  const { name, version } = artifact.manifest;
  const path = (operation: string) => `/v1/models/${name}@${version}/${operation}`;
  for (const worker of [isolated, plain]) await publish(worker, artifact, module);
  await expectSame(path('encode'), { rows }, 'application/json');
  await expectSame(path('decode'), { codes: exampleRows(2, 2) }, 'application/json');
  const states = async () =>
    (await statsOf(isolated)).isolates!.filter((each) => each.version === `${name}@${version}`);
  expect(await states()).toEqual(
    [1, 2].map((part) => ({ version: `${name}@${version}`, part, starts: 1, replaced: 0 })),
  );

  const damaged = linear('half', 9);
  const own = renamed(module, damaged);
  await publish(isolated, damaged, own);
  const folder = `half/${damaged.manifest.version}/${FROZEN_FOLDER}`;
  await isolated.bucket.delete(`${folder}/${own.manifest.parts[1]!.image.at(-1)!.file}`);
  const reference = `half@${damaged.manifest.version}`;
  for (let i = 0; i < 3; i++) {
    expect(await encoded(isolated, reference)).toEqual(answerOf(damaged, 9));
    const decoded = await isolated.post(`/v1/models/${reference}/decode`, { codes: exampleRows(2, 2) });
    expect(decoded.status).toBe(200);
  }
  expect(await isolateOf(damaged)).toMatchObject({ part: 1, starts: 1 });
});

test('versions flip under load, back and forth, with a canary and with faults of the bucket', async () => {
  const scales = [1, 3, 4];
  const versions = scales.map((scale) => linear('flips', scale));
  for (const artifact of versions) await publish(isolated, artifact, await frozen(artifact));
  const [first, second, third] = versions.map(({ manifest }) => manifest.version) as [string, string, string];
  const right = new Map(versions.map((each, i) => [each.manifest.version, answerOf(each, scales[i]!)]));
  const seen = new Set<string>();
  await writeAliases(isolated.bucket, 'flips', { production: first });
  let isOver = false;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const client = async (): Promise<void> => {
    for (; !isOver; await pause(5)) {
      const answer = await encoded(isolated, 'flips');
      const { version } = answer.body as { version: string };
      expect(answer).toEqual(right.get(version));
      seen.add(version);
    }
  };
  const flip = async (): Promise<void> => {
    for (const production of [first, second, first, second]) {
      await writeAliases(isolated.bucket, 'flips', { production });
      await pause(10 * TTL_MS);
    }
    await writeAliases(isolated.bucket, 'flips', {
      production: second,
      canary: { version: third, percentage: 50 },
    });
    await pause(10 * TTL_MS);
    // What runs already needs no bucket.
    for (const fault of ['throws', 'truncates', 'hangs']) {
      await isolated.bucket.put('fault', fault);
      await pause(10 * TTL_MS);
    }
    await isolated.bucket.delete('fault');
    // The rollback.
    await writeAliases(isolated.bucket, 'flips', { production: first, previous: second });
    await expect.poll(() => encoded(isolated, 'flips'), { timeout: 5000 }).toEqual(right.get(first));
  };
  const over = () => {
    isOver = true;
  };
  await Promise.all([flip().finally(over), ...[1, 2, 3].map(() => client().finally(over))]);
  expect(seen.has(first) && seen.has(second)).toBe(true);
  for (const artifact of versions.slice(0, 2))
    expect(await isolateOf(artifact)).toMatchObject({ starts: 1, replaced: 0 });
});
