import { expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { ModelDescription, ModelList } from '../../shared/api.ts';
import { InputError } from '../../shared/errors.ts';
import { BREAKS, MAX_MODEL_BYTES } from '../support/artifacts/brokenArtifacts.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { edgeWorker, expectProblem, JSON_TYPE } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const TTL_MS = 40;
const worker = edgeWorker({
  ALIASES_TTL_SECONDS: `${TTL_MS / 1000}`,
  MAX_MODEL_BYTES: `${MAX_MODEL_BYTES}`,
});
const rows = exampleRows(2, 6);
const SCALES = [1, 2, 3] as const;

/** Versions of one model that differ in the scale of their codes, published. */
async function published(name: string) {
  const bucket = await worker.bucket();
  const artifacts = SCALES.map((scale) => storedArtifact({ name, scale }));
  await Promise.all(artifacts.map((artifact) => publishArtifact(bucket, artifact)));
  const [first, second, third] = artifacts.map(({ manifest }) => manifest.version) as [
    string,
    string,
    string,
  ];
  return { bucket, artifacts, first, second, third };
}

/** Asks once; the answer must be exactly that of the version that the header names, which is answered. */
async function answering(reference: string, versions: readonly string[]): Promise<string> {
  const response = await worker.post(`/v1/models/${reference}/encode`, { rows });
  const body = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  const version = response.headers.get('X-Model-Version')!;
  const scale = SCALES[versions.indexOf(version)]!;
  expect(body).toEqual({ model: reference.split('@')[0], version, codes: expectedCodes(rows, scale) });
  return version;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** `expect.poll` knows nothing of tests that run at the same time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await isSo()); await pause(10)) {
    if (Date.now() - start > 5000) throw new Error(`not within 5 s: ${isSo}`);
  }
}

test('versions come, change and go without a redeploy', async () => {
  const { bucket, first, second, third } = await published('news');
  const versions = [first, second, third];
  await expectProblem(await worker.post('/v1/models/news/encode', { rows }), 'unknown-model');
  await writeAliases(bucket, 'news', { production: first });
  await pause(TTL_MS);
  expect(await answering('news', versions)).toBe(first);
  await writeAliases(bucket, 'news', {
    ...{ production: second, previous: first },
    canary: { version: third, percentage: 100 },
  });
  await until(async () => (await answering('news', versions)) === third);
  expect(await answering('news@production', versions)).toBe(second);
  expect(await answering('news@previous', versions)).toBe(first);
  expect(await answering('news@canary', versions)).toBe(third);
  for (const version of versions) expect(await answering(`news@${version}`, versions)).toBe(version);
  const description = await (await worker.request('/v1/models/news')).json();
  expect(ModelDescription.parse(description)).toMatchObject({
    ...{ name: 'news', version: second },
    versions: [second, third, first],
  });
  await bucket.delete('news/aliases.json');
  await expect.poll(async () => (await worker.request('/v1/models/news')).status).toBe(404);
  expect(await answering(`news@${first}`, versions)).toBe(first);
});

test('a canary answers its share of callers, each of them always or never', async () => {
  const { bucket, first, second } = await published('shared');
  await writeAliases(bucket, 'shared', { production: first, canary: { version: second, percentage: 50 } });
  const answers = Array.from({ length: 60 }, async (_, caller) => {
    const ask = async (rowCount: number) => {
      const body = { rows: exampleRows(rowCount, 6) };
      const response = await worker.post('/v1/models/shared/encode', body, {
        'X-Canary-Key': `user ${caller}`,
      });
      await response.arrayBuffer();
      return response.headers.get('X-Model-Version');
    };
    const version = await ask(1);
    expect([first, second]).toContain(version);
    expect(await ask(2)).toBe(version);
    return version;
  });
  const canaries = (await Promise.all(answers)).filter((version) => version === second).length;
  // The share is of the hashes of these very keys: no other number can come out.
  expect(canaries).toBeGreaterThan(20);
  expect(canaries).toBeLessThan(40);
});

test('a version that no alias names is served by its own name, and not listed', async () => {
  const { first, second, third } = await published('unnamed');
  expect(await answering(`unnamed@${second}`, [first, second, third])).toBe(second);
  const { models } = ModelList.parse(await (await worker.request('/v1/models')).json());
  expect(models.map(({ name }) => name)).not.toContain('unnamed');
});

test.each(['unnamed@ffffffffffff', 'unnamed@newest', 'unnamed@', 'unnamed@..%2F..', 'linear@canary'])(
  '%s is not there',
  async (reference) => {
    const response = await worker.post(`/v1/models/${reference}/encode`, { rows });
    await expectProblem(response, reference.startsWith('linear') ? 'unknown-version' : 'unknown-model');
  },
);

test('aliases in the bucket rule over bundled versions of the same name, which stay', async () => {
  const bundled = async () => (await worker.request('/v1/models/encode-only')).json();
  const { version: bundledVersion } = ModelDescription.parse(await bundled());
  const { bucket, first, second, third } = await published('encode-only');
  await writeAliases(bucket, 'encode-only', { production: third });
  await expect.poll(() => bundled()).toMatchObject({ versions: [third, bundledVersion] });
  expect(await answering('encode-only', [first, second, third])).toBe(third);
  const pinned = await worker.post(`/v1/models/encode-only@${bundledVersion}/encode`, { rows });
  expect(await pinned.json()).toMatchObject({ codes: expectedCodes(rows) });
});

test('two versions that flip under load give only their own answers', { timeout: 20_000 }, async () => {
  const { bucket, first, second } = await published('flips');
  await writeAliases(bucket, 'flips', { production: first });
  const answers: Record<string, number> = {};
  let isOver = false;
  const client = async (): Promise<void> => {
    while (!isOver) {
      const version = await answering('flips', [first, second]);
      answers[version] = (answers[version] ?? 0) + 1;
    }
  };
  const clients = Promise.all(Array.from({ length: 16 }, client));
  for (let flip = 1; flip <= 12; flip++) {
    await Promise.race([pause(80), clients]);
    await writeAliases(bucket, 'flips', { production: flip % 2 === 0 ? first : second });
  }
  isOver = true;
  await clients;
  expect(Math.min(answers[first] ?? 0, answers[second] ?? 0)).toBeGreaterThan(10);
});

test.concurrent.each(Object.keys(BREAKS))(
  '%s leaves the version before in charge, is logged once, and is over with the next version',
  async (fault) => {
    const name = `broken-${Object.keys(BREAKS).indexOf(fault)}`;
    const { bucket, first, second, third } = await published(name);
    await writeAliases(bucket, name, { production: first });
    expect(await answering(name, [first])).toBe(first);
    const broken = await BREAKS[fault]!(bucket, storedArtifact({ name, scale: 8 }));
    const aliases = JSON.stringify({ production: broken, canary: { version: broken, percentage: 100 } });
    await bucket.put(`${name}/aliases.json`, aliases);
    const logged = () => worker.logs.filter((line) => line.includes(`"${name}@${broken}: unavailable"`));
    await until(async () => (await answering(name, [first])) === first && logged().length === 1);
    for (let again = 0; again < 6; again++) {
      await pause(TTL_MS / 2);
      expect(await answering(name, [first])).toBe(first);
    }
    expect(logged()).toHaveLength(1);
    await writeAliases(bucket, name, { production: third });
    await until(async () => (await answering(name, [first, second, third])) === third);
  },
);

test.concurrent.each([
  ['text', 'production'],
  ['other members', '{"production":"0123456789ab","staging":"0123456789ab"}'],
  ['a path', '{"production":"../../etc"}'],
  [
    'a share that is none',
    '{"production":"0123456789ab","canary":{"version":"0123456789ab","percentage":101}}',
  ],
  ['nothing', ''],
])('aliases that are %s change nothing, and say so once', async (kind, text) => {
  const name = `garbled-${kind.replaceAll(' ', '-')}`;
  const { bucket, first, second } = await published(name);
  await writeAliases(bucket, name, { production: first });
  expect(await answering(name, [first])).toBe(first);
  await bucket.put(`${name}/aliases.json`, text);
  const logged = () => worker.logs.filter((line) => line.includes(`"${name}/aliases.json: unavailable"`));
  await until(async () => (await answering(name, [first])) === first && logged().length === 1);
  await pause(TTL_MS);
  expect(await answering(name, [first])).toBe(first);
  expect(logged()).toHaveLength(1);
  await writeAliases(bucket, name, { production: second });
  await until(async () => (await answering(name, [first, second])) === second);
});

test('a client that hangs up while its request loads a model does not spoil it', async () => {
  const { bucket, first } = await published('hung-up');
  await writeAliases(bucket, 'hung-up', { production: first });
  const hangUp = new AbortController();
  const request = worker.request('/v1/models/hung-up/encode', {
    ...{ method: 'POST', headers: { 'Content-Type': JSON_TYPE }, body: JSON.stringify({ rows }) },
    signal: hangUp.signal,
  });
  await pause(3);
  hangUp.abort();
  await Promise.allSettled([request]);
  expect(await answering('hung-up', [first])).toBe(first);
});

test('a first request to a broken version is answered by the one before', async () => {
  const { bucket, first } = await published('cold');
  const broken = await BREAKS['a manifest without members']!(
    bucket,
    storedArtifact({ name: 'cold', scale: 8 }),
  );
  await bucket.put('cold/aliases.json', JSON.stringify({ production: broken, previous: first }));
  expect(await answering('cold', [first])).toBe(first);
});

test('a model of which nothing can be loaded is unavailable, and others are not', async () => {
  const bucket = await worker.bucket();
  await bucket.put('nothing/aliases.json', JSON.stringify({ production: '000000000000' }));
  const response = await worker.post('/v1/models/nothing/encode', { rows });
  expect(response.headers.get('Retry-After')).toBe('10');
  await expectProblem(response, 'model-unavailable');
  const other = await worker.post('/v1/models/linear/encode', { rows });
  expect(await other.json()).toMatchObject({ codes: expectedCodes(rows, NEW_SCALE) });
});

test('what is published stays as it is', async () => {
  const { bucket, artifacts, first } = await published('stays');
  await publishArtifact(bucket, artifacts[0]!);
  const { manifest, graphs } = artifacts[0]!;
  const other = { manifest, graphs: { ...graphs, encoder: graphs.decoder } };
  await expect(publishArtifact(bucket, other)).rejects.toThrow(InputError);
  await expect(writeAliases(bucket, 'stays', { production: '000000000000' })).rejects.toThrow(
    'stays@000000000000 is not in the bucket',
  );
  const wrong = { production: first, canary: { version: first, percentage: 0 } };
  await expect(writeAliases(bucket, 'stays', wrong)).rejects.toThrow("aliases of stays: 'canary.percentage'");
});
