import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { outages } from '../../edge/models/availability.ts';
import { bucketModels } from '../../edge/models/bucketModels.ts';
import { isInShare } from '../../edge/models/canary.ts';
import { ProblemError } from '../../edge/problems.ts';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { BREAKS } from '../support/artifacts/brokenArtifacts.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { FAULT_NAMES, memoryBucket } from '../support/edge/memoryBucket.ts';
import { TIMEOUT_MS, TTL_MS, testModels } from '../support/edge/storedModels.ts';

const name = 'digits';
const artifacts = [1, 2, 3].map((scale) => storedArtifact({ name, scale }));
const [first, second, third] = artifacts.map(({ manifest }) => manifest.version) as [string, string, string];
const bundled = storedArtifact({ name, scale: 4 });
const bundledVersion = bundled.manifest.version;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Three versions in a bucket, and one bundled. */
async function digits(options: { isBundled?: boolean; cacheBytes?: number; timeoutMs?: number } = {}) {
  const { isBundled = true, ...rest } = options;
  const all = [...artifacts, bundled];
  const test = testModels({ artifacts: all, ...(isBundled && { bundled: [bundled] }), ...rest });
  for (const artifact of artifacts) await publishArtifact(test.bucket, artifact);
  const alias = (aliases: Parameters<typeof writeAliases>[2]) => writeAliases(test.bucket, name, aliases);
  /** Lets what is known become stale, be asked for, and be read again. */
  const settle = async () => {
    await pause(TTL_MS + 1);
    await test.encode().catch(() => undefined);
    await pause(TIMEOUT_MS + 20);
  };
  return { ...test, alias, settle };
}

// Failures are logged; they are what these tests are about.
// What is reported as failing is what these tests bring about.
beforeEach(() => {
  for (const level of ['error', 'info'] as const)
    vi.spyOn(console, level).mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());
afterEach(() => {
  vi.useRealTimers();
});

test('a bucket is not needed', async () => {
  const { encode, models } = testModels({ artifacts: [bundled], bundled: [bundled] });
  expect(await encode()).toBe(bundledVersion);
  expect(await encode(`${name}@production`)).toBe(bundledVersion);
  expect(await encode(`${name}@${bundledVersion}`)).toBe(bundledVersion);
  await expect(models.find(`${name}@canary`)).rejects.toMatchObject({ slug: 'unknown-version' });
});

test('a bucket may have more models than it lists at a time', async () => {
  const bucket = memoryBucket(2);
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const each of names) await bucket.put(`${each}/aliases.json`, '{}');
  const source = bucketModels(bucket, { timeoutMs: TIMEOUT_MS, maxGraphBytes: 1024 });
  expect(await source.names()).toEqual(names);
  expect(bucket.reads).toEqual(['list', 'list', 'list']);
});

describe.each(FAULT_NAMES)('a bucket that %s', (fault) => {
  test('keeps nobody waiting for a model that is loaded', async () => {
    // Who waited for the bucket would wait for longer than a test may take.
    const { bucket, alias, encode } = await digits({ isBundled: false, timeoutMs: 600_000 });
    await alias({ production: first });
    expect(await encode()).toBe(first);
    bucket.fault = fault;
    for (let again = 0; again < 5; again++) {
      await pause(TTL_MS + 1);
      expect(await Promise.all([encode(), encode(`${name}@${first}`)])).toEqual([first, first]);
    }
  });

  test('changes nothing for a model that is loaded, and is over when it works again', async () => {
    const { bucket, alias, encode, settle } = await digits({ isBundled: false });
    await alias({ production: first });
    expect(await encode()).toBe(first);
    bucket.fault = fault;
    await alias({ production: second });
    await settle();
    expect(await encode()).toBe(first);
    bucket.fault = undefined;
    await expect.poll(() => encode()).toBe(second);
  });

  test('changes nothing while it fails only for the new version', async () => {
    const { bucket, alias, encode, settle } = await digits();
    await alias({ production: first });
    expect(await encode()).toBe(first);
    bucket.fault = fault;
    bucket.isFaulty = (key) => key.startsWith(`${name}/${second}`);
    await alias({ production: second, canary: { version: second, percentage: 100 } });
    await settle();
    expect(await encode()).toBe(first);
    expect(await encode(name, () => 'key')).toBe(first);
    expect(await encode(name, () => 'key')).toBe(first);
  });

  test('leaves a cold Worker with the bundled models', async () => {
    const timeoutMs = 200;
    const { bucket, alias, encode, models } = await digits({ timeoutMs });
    await alias({ production: first });
    bucket.fault = fault;
    expect(await encode()).toBe(bundledVersion);
    // The bucket is waited for once.
    for (let again = 0; again < 3; again++) {
      await pause(TTL_MS + 1);
      const start = performance.now();
      expect(await encode()).toBe(bundledVersion);
      expect(performance.now() - start).toBeLessThan(timeoutMs);
    }
    expect((await models.list()).map(({ version }) => version)).toEqual([bundledVersion]);
    await expect(models.find('other')).rejects.toMatchObject({ slug: 'model-unavailable' });
    await expect(models.find(`${name}@${second}`)).rejects.toMatchObject({ slug: 'model-unavailable' });
  });
});

test.each(Object.keys(BREAKS))('a cold Worker with %s answers by what there is', async (fault) => {
  const { bucket, encode } = await digits();
  const broken = await BREAKS[fault]!(bucket, storedArtifact({ name, scale: 8 }));
  const put = (aliases: object) => bucket.put(`${name}/aliases.json`, JSON.stringify(aliases));
  await put({ production: broken, previous: second });
  expect(await encode()).toBe(second);
  const alone = await digits();
  await BREAKS[fault]!(alone.bucket, storedArtifact({ name, scale: 8 }));
  await alone.bucket.put(`${name}/aliases.json`, JSON.stringify({ production: broken }));
  expect(await alone.encode()).toBe(bundledVersion);
  await alone.bucket.put(`${name}/aliases.json`, JSON.stringify({ production: third }));
  await expect.poll(() => alone.encode()).toBe(third);
});

test('a graph that turns out to be broken later has the version before answer', async () => {
  const { bucket, alias, encode } = await digits();
  await alias({ production: second, previous: first });
  expect(await encode()).toBe(second);
  await bucket.put(`${name}/${second}/predict.onnx`, 'damaged');
  await expect(encode(name, undefined, 'predict')).rejects.toMatchObject({ slug: 'model-unavailable' });
  await expect.poll(() => encode(name, undefined, 'predict')).toBe(first);
  expect(await encode()).toBe(first);
  expect(await encode(`${name}@${second}`)).toBe(second);
});

test('aliases are known with the versions that answer for them, and outages while they last', async () => {
  const { bucket, alias, encode, models, settle } = await digits();
  const subject = `${name}/aliases.json`;
  await alias({ production: first, previous: second });
  expect(await encode()).toBe(first);
  const known = { model: name, isInForce: true };
  expect(models.knownAliases()).toEqual([
    { ...known, alias: 'production', version: first },
    { ...known, alias: 'previous', version: second },
  ]);
  const { failures } = outages();
  await bucket.put(`${name}/${third}/encoder.onnx`, 'damaged');
  await bucket.put(
    subject,
    JSON.stringify({ production: third, canary: { version: second, percentage: 1 } }),
  );
  await settle();
  expect(await encode()).toBe(first);
  expect(models.knownAliases()[0]).toEqual({
    ...{ model: name, alias: 'production', version: third, isInForce: false },
  });
  expect(outages().failures).toBeGreaterThan(failures);
  expect(outages().unavailable).toContain(`${name}@${third}`);
  expect(outages().unavailable).not.toContain(subject);
  await bucket.put(subject, 'damaged');
  await settle();
  expect(outages().unavailable).toContain(subject);
  await bucket.put(subject, JSON.stringify({ production: second }));
  await settle();
  await expect
    .poll(() => models.knownAliases())
    .toEqual([{ ...known, alias: 'production', version: second }]);
  expect(outages().unavailable).not.toContain(subject);
});

test('a graph that cannot be loaded now takes no loaded graph away', async () => {
  const { bucket, alias, encode, settle } = await digits();
  await alias({ production: second, previous: first });
  expect(await encode()).toBe(second);
  bucket.fault = 'throws';
  await expect(encode(name, undefined, 'predict')).rejects.toThrow(ProblemError);
  await settle();
  expect(await encode()).toBe(second);
});

test('what failed to load is tried again after a while, not at once', async () => {
  const { bucket, alias, encode } = await digits({ isBundled: false });
  await alias({ production: first });
  const key = `${name}/${first}/encoder.onnx`;
  const graph = artifacts[0]!.graphs.encoder;
  await bucket.put(key, 'damaged');
  const downloads = () => bucket.reads.filter((read) => read === key).length;
  for (let again = 0; again < 5; again++) await expect(encode()).rejects.toThrow(ProblemError);
  expect(downloads()).toBe(1);
  await bucket.put(key, graph);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_001 });
  await encode().catch(() => undefined);
  await expect.poll(() => encode().catch(String)).toBe(first);
  expect(downloads()).toBe(2);
});

test('a cold Worker reads everything once, for however many requests', async () => {
  const { bucket, alias, encode } = await digits({ isBundled: false });
  await alias({ production: first });
  const answers = await Promise.all(Array.from({ length: 100 }, () => encode()));
  expect(new Set(answers)).toEqual(new Set([first]));
  const files = ['aliases.json', `${first}/manifest.json`, `${first}/encoder.onnx`];
  expect(bucket.reads).toEqual(files.map((file) => `${name}/${file}`));
});

test('aliases are read at most once in their time', async () => {
  const { bucket, alias, encode } = await digits();
  await alias({ production: first });
  await encode();
  const start = performance.now();
  const before = bucket.reads.length;
  while (performance.now() - start < 20 * TTL_MS) await encode();
  const reads = bucket.reads.slice(before);
  expect(new Set(reads)).toEqual(new Set([`${name}/aliases.json`]));
  expect(reads.length).toBeGreaterThan(1);
  expect(reads.length).toBeLessThanOrEqual((performance.now() - start) / (TTL_MS - 1) + 2);
});

describe('after idle time', () => {
  const idle = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

  test('a request waits for aliases that may have changed', async () => {
    const { alias, encode } = await digits();
    await alias({ production: second, previous: first });
    expect(await encode()).toBe(second);
    await alias({ production: first });
    idle(60);
    expect(await encode()).toBe(first);
    await alias({ production: first, canary: { version: third, percentage: 100 } });
    idle(60);
    expect(await encode(name, () => 'anyone')).toBe(third);
    await alias({ production: first });
    idle(60);
    expect(await encode(name, () => 'anyone')).toBe(first);
  });

  test('a request waits no longer than the bucket may take', async () => {
    const { alias, bucket, encode } = await digits();
    await alias({ production: second });
    expect(await encode()).toBe(second);
    bucket.fault = 'hangs';
    idle(60);
    const started = performance.now();
    expect(await encode()).toBe(second);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test('what is not there is not asked for again at once', async () => {
  const { bucket, alias, models } = await digits({ isBundled: false });
  await alias({ production: first });
  await models.list();
  const before = bucket.reads.length;
  for (let again = 0; again < 20; again++) {
    await expect(models.find(`${name}@ffffffffffff`)).rejects.toMatchObject({ slug: 'unknown-version' });
  }
  const reads = bucket.reads.slice(before).filter((key) => key.includes('ffffffffffff'));
  expect(reads).toEqual([`${name}/ffffffffffff/manifest.json`]);
});

test.each([
  '',
  '..',
  '../secret',
  'a/b',
  'Digits',
  'digits@',
  'digits@..',
  'digits@../../x',
  'digits@latest',
  'a@b@c',
])('%j touches no object', async (reference) => {
  const { bucket, models } = await digits();
  await expect(models.find(reference)).rejects.toThrow(ProblemError);
  expect(bucket.reads.filter((key) => !['list', `${name}/aliases.json`].includes(key))).toEqual([]);
});

test('a canary answers its share of the keys, the same ones every time, and more as it grows', async () => {
  const { alias, encode, settle } = await digits();
  const keys = Array.from({ length: 4000 }, (_, index) => `user-${index}`);
  const chosen = async (percentage: number) => {
    await alias({ production: first, canary: { version: second, percentage } });
    await settle();
    const answers = await Promise.all(keys.map((key) => encode(name, () => key)));
    return new Set(keys.filter((_, index) => answers[index] === second));
  };
  const few = await chosen(10);
  // Four standard deviations of a share of 10 % of 4000.
  expect(Math.abs(few.size - 400)).toBeLessThan(4 * Math.sqrt(4000 * 0.1 * 0.9));
  expect(await chosen(10)).toEqual(few);
  const more = await chosen(35);
  expect(Math.abs(more.size - 1400)).toBeLessThan(4 * Math.sqrt(4000 * 0.35 * 0.65));
  expect([...few].every((key) => more.has(key))).toBe(true);
  expect((await chosen(100)).size).toBe(4000);
  expect(await encode()).toBe(first);
});

test('without a canary nobody is asked for a key', async () => {
  const { alias, encode } = await digits();
  await alias({ production: first });
  const routing = () => {
    throw new Error('asked');
  };
  expect(await encode(name, routing)).toBe(first);
});

test('shares are even for keys of any kind, and independent between models', () => {
  const kinds: ((index: number) => string)[] = [
    String,
    (i) => `user-${i}`,
    (i) => 'x'.repeat(i),
    (i) => `${i}@x.io`,
  ];
  for (const kind of kinds) {
    const keys = Array.from({ length: 2000 }, (_, index) => kind(index));
    for (const percentage of [1, 50, 90]) {
      const share = keys.filter((key) => isInShare('digits', key, percentage)).length / 2000;
      const deviation = Math.sqrt(((percentage / 100) * (1 - percentage / 100)) / 2000);
      expect(Math.abs(share - percentage / 100)).toBeLessThan(4 * deviation);
    }
    const both = keys.filter((key) => isInShare('a', key, 50) && isInShare('b', key, 50)).length / 2000;
    expect(Math.abs(both - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 2000));
  }
  expect(isInShare('digits', 'key', 100)).toBe(true);
});

test('models beyond the room for them are released, and loaded again', async () => {
  const bytes = artifacts[0]!.manifest.graphs.encoder.bytes;
  const { open, encode } = await digits({ cacheBytes: 2 * bytes });
  const versions = [first, second, third, first];
  for (const version of versions) expect(await encode(`${name}@${version}`)).toBe(version);
  expect([...open].sort()).toEqual([`${first}/encoder`, `${third}/encoder`].sort());
  const many = Array.from({ length: 60 }, (_, index) => versions[index % 3]!);
  expect(await Promise.all(many.map((version) => encode(`${name}@${version}`)))).toEqual(many);
  expect(open.size).toBe(2);
});

test('a session with other tensors than the manifest lists is released', async () => {
  const { manifest, graphs } = storedArtifact({ name }, (original) => ({
    ...original,
    graphs: { ...original.graphs, encoder: { ...original.graphs.encoder, outputs: [] } },
  }));
  const { models, open } = testModels({ artifacts, bundled: [{ manifest, graphs }] });
  await expect(models.run(manifest, 'encoder', {}, ['code'])).rejects.toMatchObject({
    slug: 'model-unavailable',
  });
  expect(open.size).toBe(0);
});
