/** Shadows in workerd: clients see the version in production, and `/admin/stats` how the other one differs. */
import { expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { AdminStats, type ShadowStats } from '../../../shared/adminApi.ts';
import type { OperationName } from '../../../shared/manifest.ts';
import { versionOf } from '../../../training/artifact/artifact.ts';
import { BREAKS, MAX_MODEL_BYTES } from '../../support/artifacts/brokenArtifacts.ts';
import { shopArtifact } from '../../support/artifacts/itemsArtifact.ts';
import { expectedCodes, expectedRows, THRESHOLD } from '../../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { API_KEYS, withKey } from '../../support/edge/apiKeys.ts';
import { BINARY_TYPE, edgeWorker } from '../../support/edge/edgeWorker.ts';
import { exampleRows } from '../../support/edge/operationCases.ts';
import { metricsOf } from '../../support/edge/prometheus.ts';

const worker = edgeWorker({ API_KEYS, MAX_MODEL_BYTES: `${MAX_MODEL_BYTES}` });
const SCALES = [1, 2] as const;
const OPERATIONS: readonly OperationName[] = ['encode', 'decode', 'score'];

/** Two versions of a model, the first in production and the second its shadow. */
async function shadowed(
  name: string,
  { percentage = 100, operations = OPERATIONS, change }: ShadowOptions = {},
): Promise<{ production: string; shadow: string }> {
  const bucket = await worker.bucket();
  const artifacts = [
    storedArtifact({ name, scale: SCALES[0], operations: OPERATIONS }),
    storedArtifact({ name, scale: SCALES[1], operations }, change),
  ] as const;
  for (const artifact of artifacts) await publishArtifact(bucket, artifact);
  const [production, shadow] = artifacts.map(({ manifest }) => manifest.version) as [string, string];
  await writeAliases(bucket, name, { production, shadow: { version: shadow, percentage } });
  return { production, shadow };
}

interface ShadowOptions {
  readonly percentage?: number;
  readonly operations?: readonly OperationName[];
  readonly change?: Parameters<typeof storedArtifact>[1];
}

/** Asks, and waits until the answer is copied: what is copied while another copy is run would be dropped. */
async function asked(name: string, operation: string, body: object, headers = {}) {
  const response = await worker.post(`/v1/models/${name}/${operation}`, body, {
    ...withKey('infer'),
    ...headers,
  });
  const answer = (await response.json()) as Record<string, unknown>;
  await new Promise((resolve) => setTimeout(resolve, 40));
  return { response, answer };
}

const read = (path: string) => worker.request(path, { headers: withKey('admin') });

async function shadowsOf(name: string): Promise<ShadowStats[]> {
  const { shadows } = AdminStats.parse(await (await read('/admin/stats')).json());
  return shadows.filter((each) => each.name === name);
}

const rows = exampleRows(3, 6);
const distances = (a: readonly number[][], b: readonly number[][]) =>
  a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!)));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('clients get the answers of production, and the codes of both are compared', async () => {
  const versions = await shadowed('codes');
  for (let request = 1; request <= 3; request++) {
    const { response, answer } = await asked('codes', 'encode', { rows });
    expect(answer).toEqual({ model: 'codes', version: versions.production, codes: expectedCodes(rows) });
    expect(response.headers.get('X-Model-Version')).toBe(versions.production);
    await expect.poll(async () => (await shadowsOf('codes'))[0]?.requests).toBe(request);
  }
  const differences = distances(expectedCodes(rows, SCALES[0]), expectedCodes(rows, SCALES[1]));
  const [found, ...others] = await shadowsOf('codes');
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    ...{ ...versions, operation: 'encode', requests: 3, rows: 9, errors: 0, dropped: 0, verdicts: null },
    values: {
      count: 3 * differences.length,
      meanDifference: expect.closeTo(mean(differences), 5),
      largestDifference: expect.closeTo(Math.max(...differences), 5),
    },
  });
  for (const durations of [found!.durations, found!.productionDurations])
    expect(durations.reduce((sum, count) => sum + count)).toBe(3);
});

test('the verdicts of both are compared, row by row, and Prometheus gets them', async () => {
  const versions = await shadowed('verdicts');
  const many = exampleRows(20, 6);
  const verdicts = SCALES.map((scale) => {
    const reconstructed = expectedRows(expectedCodes(many, scale));
    const errorOf = (row: readonly number[], i: number) =>
      mean(row.map((value, j) => (value - reconstructed[i]![j]!) ** 2));
    return many.map((row, i) => errorOf(row, i) > THRESHOLD);
  }) as [boolean[], boolean[]];
  const differing = verdicts[0].filter((verdict, row) => verdict !== verdicts[1][row]).length;
  expect(differing).toBeGreaterThan(0);
  expect(differing).toBeLessThan(20);
  await asked('verdicts', 'score', { rows: many });
  const found = async () => (await shadowsOf('verdicts'))[0]?.verdicts;
  await expect.poll(found).toEqual({ rows: 20, differing });
  const { samples } = metricsOf(await (await read('/metrics')).text());
  const labels = `model="verdicts",production="${versions.production}",shadow="${versions.shadow}",operation="score"`;
  const value = (name: string, more: string) => samples.get(`latentedge_shadow_${name}{${labels}${more}}`);
  expect(value('requests_total', ',outcome="answered"')).toBe(1);
  expect(value('verdicts_total', ',verdict="other"')).toBe(differing);
  expect(value('verdicts_total', ',verdict="same"')).toBe(20 - differing);
  expect(value('duration_seconds_count', ',answer_of="shadow"')).toBe(1);
  expect(value('largest_difference', '')).toBeGreaterThan(0);
});

test('its share is by request id, and of large requests the first rows are copied', async () => {
  await shadowed('shares', { percentage: 50 });
  const ids = Array.from({ length: 40 }, (_, i) => `0f0c2ab4-0000-4000-8000-0000000000${10 + i}`);
  const copiedOf = async () => {
    const [found] = await shadowsOf('shares');
    return found ? found.requests + found.dropped : 0;
  };
  const ask = async () => {
    for (const id of ids) await asked('shares', 'encode', { rows }, { 'X-Request-Id': id });
    return copiedOf();
  };
  const once = await ask();
  expect(once).toBeGreaterThan(10);
  expect(once).toBeLessThan(30);
  // The same requests again: those that were copied are, and no others.
  expect(await ask()).toBe(2 * once);
  await shadowed('large');
  await asked('large', 'encode', { rows: exampleRows(200, 6) });
  await expect.poll(async () => (await shadowsOf('large'))[0]?.rows).toBe(64);
});

test('only what is asked by the name alone is copied', async () => {
  const { production, shadow } = await shadowed('named');
  for (const reference of ['production', production, shadow, 'shadow'].map((each) => `named@${each}`)) {
    const { response } = await asked(reference, 'encode', { rows });
    expect(response.status).toBe(200);
  }
  const shadowAnswer = (await asked('named@shadow', 'encode', { rows })).answer;
  expect(shadowAnswer).toMatchObject({ version: shadow, codes: expectedCodes(rows, SCALES[1]) });
  expect(await shadowsOf('named')).toEqual([]);
});

test('float32 rows are copied, too', async () => {
  await shadowed('floats');
  const response = await worker.postBinary('/v1/models/floats/encode', rows, {
    ...withKey('infer'),
    Accept: BINARY_TYPE,
  });
  expect(new Float32Array(await response.arrayBuffer())).toEqual(
    Float32Array.from(expectedCodes(rows).flat()),
  );
  const largest = Math.max(...distances(expectedCodes(rows, SCALES[0]), expectedCodes(rows, SCALES[1])));
  await expect
    .poll(() => shadowsOf('floats'))
    .toMatchObject([{ rows: 3, values: { largestDifference: expect.closeTo(largest, 5) } }]);
});

test('of recommendations, the first item and the scores are compared, user by user', async () => {
  const bucket = await worker.bucket();
  const { manifest, graphs } = shopArtifact();
  const versions = await Promise.all(
    [1, 2].map(async (seed) => {
      const { version: _, ...content } = {
        ...manifest,
        name: 'kiosk',
        training: { ...manifest.training, seed },
      };
      const own = { manifest: { ...content, version: versionOf(content) }, graphs };
      await publishArtifact(bucket, own as typeof own & { manifest: typeof manifest });
      return own.manifest.version;
    }),
  );
  const [production, shadow] = versions as [string, string];
  expect(production).not.toBe(shadow);
  await writeAliases(bucket, 'kiosk', { production, shadow: { version: shadow, percentage: 100 } });
  const { answer } = await asked('kiosk', 'recommend', { users: [['a'], ['b', 'c']], k: 2 });
  expect(answer).toMatchObject({ version: production, users: [{ basedOn: 'items' }, { basedOn: 'items' }] });
  // The two versions have the same graphs: two users, two items each.
  await expect
    .poll(() => shadowsOf('kiosk'))
    .toMatchObject([
      {
        ...{ operation: 'recommend', requests: 1, rows: 2, errors: 0 },
        values: { count: 4, largestDifference: 0 },
        verdicts: { rows: 2, differing: 0 },
      },
    ]);
});

test('a row or a request that only production can answer is counted', async () => {
  await shadowed('refusing', { operations: ['encode'] });
  const codes = [[1, 2]];
  const { answer } = await asked('refusing', 'decode', { codes });
  expect(answer).toMatchObject({ rows: expectedRows(codes) });
  await expect
    .poll(() => shadowsOf('refusing'))
    .toMatchObject([{ operation: 'decode', requests: 0, errors: 1 }]);
  // Twice as much is too large for float32.
  await shadowed('overflowing');
  const far = [rows[0]!, [2e38, 0, 0, 0, 0, 0]];
  await asked('overflowing', 'encode', { rows: far });
  await expect
    .poll(() => shadowsOf('overflowing'))
    .toMatchObject([{ requests: 1, errors: 0, verdicts: { rows: 1, differing: 1 } }]);
});

test('a shadow with other features is asked nothing', async () => {
  await shadowed('renamed', {
    change: (manifest) => ({
      ...manifest,
      features: { ...manifest.features, names: ['u', 'v', 'w', 'x', 'y', 'z'] },
    }),
  });
  expect((await asked('renamed', 'encode', { rows })).response.status).toBe(200);
  await expect.poll(() => shadowsOf('renamed')).toMatchObject([{ requests: 0, errors: 1 }]);
  expect(worker.logs.filter((line) => line.includes('it takes other rows'))).toHaveLength(1);
});

test.each(Object.keys(BREAKS))('a shadow with %s changes nothing', async (fault) => {
  const name = `broken-${Object.keys(BREAKS).indexOf(fault)}`;
  const bucket = await worker.bucket();
  const { production } = await shadowed(name);
  const version = await BREAKS[fault]!(bucket, storedArtifact({ name, scale: 3 }));
  await bucket.put(
    `${name}/aliases.json`,
    JSON.stringify({ production, shadow: { version, percentage: 100 } }),
  );
  for (let request = 0; request < 3; request++) {
    const { response, answer } = await asked(name, 'encode', { rows });
    expect([response.status, answer.version]).toEqual([200, production]);
  }
  await expect.poll(async () => (await shadowsOf(name))[0]?.errors).toBeGreaterThan(0);
});
