/** A canary answers the same calls over HTTP, of an open model, and of another Worker, and each is recorded. */
import { expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { BREAKS } from '../support/artifacts/brokenArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { embeddedWorkers } from '../support/edge/embeddedWorkers.ts';
import { exampleRows } from '../support/edge/operationCases.ts';
import { metricsOf } from '../support/edge/prometheus.ts';

const workers = embeddedWorkers();
const rows = exampleRows(2, 6);
const SCALES = { production: 1, canary: 2 } as const;
type Answering = keyof typeof SCALES;

/** Publishes two versions whose codes differ, one of which is the canary for half of the keys. */
async function published(name: string): Promise<Record<Answering, string>> {
  const bucket = await workers.bucket();
  const artifacts = Object.values(SCALES).map((scale) => storedArtifact({ name, scale }));
  await Promise.all(artifacts.map((artifact) => publishArtifact(bucket, artifact)));
  const [production, canary] = artifacts.map(({ manifest }) => manifest.version) as [string, string];
  await writeAliases(bucket, name, { production, canary: { version: canary, percentage: 50 } });
  return { production, canary };
}

interface Sent {
  readonly rows?: readonly (readonly number[])[];
  readonly key?: string;
}

/** Each sends float32 rows, and returns the codes. */
const DOORS = {
  POST: async (model: string, { rows: sent = rows, key }: Sent = {}) => {
    const response = await workers.request(`/ml/v1/models/${model}/encode`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/octet-stream',
        Accept: 'application/octet-stream',
        ...(key !== undefined && { 'X-Canary-Key': key }),
      },
      body: new Float32Array(sent.flat()),
    });
    expect(response.status).toBe(200);
    return [...new Float32Array(await response.arrayBuffer())];
  },
  CALL: calling('call'),
  RPC: calling('rpc'),
} as const;

function calling(door: 'call' | 'rpc') {
  return async (model: string, { rows: sent = rows, key }: Sent = {}): Promise<readonly number[]> => {
    const options = key === undefined ? {} : { options: { canaryKey: key } };
    const answer = await workers.call(door, { name: 'encode', model, input: sent, floats: true, ...options });
    if (!('floats' in answer)) throw new Error(JSON.stringify(answer));
    return answer.floats;
  };
}

/** The version whose codes these are. */
function versionOf(codes: readonly number[], sent: Sent['rows'] = rows): Answering {
  const found = (Object.keys(SCALES) as Answering[]).find(
    (name) => `${expectedCodes(sent, SCALES[name]).flat()}` === `${codes}`,
  );
  if (found === undefined) throw new Error(`${codes} are the codes of no version`);
  return found;
}

/** The version that answers through each door. */
const answering = (model: string, sent: Sent = {}) =>
  Promise.all(
    Object.values(DOORS).map(async (encode) => versionOf(await encode(model, sent), sent.rows ?? rows)),
  );

test('a key is answered by one version, whichever way it comes; about half of them by the canary', async () => {
  await published('keyed');
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, user) => answering('keyed', { key: `user ${user}` })),
  );
  for (const versions of answers) expect(new Set(versions).size).toBe(1);
  const canaries = answers.filter(([version]) => version === 'canary').length;
  // The share is of the hashes of these very keys: no other number can come out.
  expect(canaries).toBeGreaterThan(20);
  expect(canaries).toBeLessThan(40);
});

test('without a key, equal rows are answered by one version', async () => {
  await published('unkeyed');
  const all = Array.from({ length: 20 }, (_, i) => [new Array<number>(6).fill(i)]);
  const answers = await Promise.all(all.map((sent) => answering('unkeyed', { rows: sent })));
  for (const versions of answers) expect(new Set(versions).size).toBe(1);
  expect(new Set(answers.flat())).toEqual(new Set(['production', 'canary']));
});

test('a version that is named answers, canary or not', async () => {
  const versions = await published('named');
  for (const name of ['production', 'canary'] as const) {
    expect(await answering(`named@${name}`)).toEqual([name, name, name]);
    expect(await answering(`named@${versions[name]}`)).toEqual([name, name, name]);
  }
});

test('a canary that cannot be loaded is answered for by production', async () => {
  const { production } = await published('broken');
  const bucket = await workers.bucket();
  const artifact = storedArtifact({ name: 'broken', scale: 8 });
  const version = await BREAKS['a manifest without members']!(bucket, artifact);
  const aliases = { production, canary: { version, percentage: 100 } };
  await bucket.put('broken/aliases.json', JSON.stringify(aliases));
  expect(await answering('broken')).toEqual(['production', 'production', 'production']);
});

test('each call is counted and logged with the version that answered', async () => {
  const versions = await published('counted');
  const expected: { method: string; version: string; operation: string; rows: number }[] = [];
  for (const [method, encode] of Object.entries(DOORS)) {
    for (const name of ['production', 'canary'] as const) {
      for (let user = 0; ; user++) {
        const version = versionOf(await encode('counted', { key: `user ${user}` }));
        expected.push({ method, version: versions[version], operation: 'encode', rows: 2 });
        if (version === name) break;
      }
    }
  }
  const logged = () => {
    const lines = workers.logs.filter((line) => line.includes('"counted"')).map((line) => JSON.parse(line));
    return lines.map(({ method, version, operation, rows: count }) => ({
      method,
      version,
      operation,
      rows: count,
    }));
  };
  await expect.poll(() => logged().length).toBe(expected.length);
  expect(new Set(logged().map((line) => JSON.stringify(line)))).toEqual(
    new Set(expected.map((line) => JSON.stringify(line))),
  );
  const scraped = await workers.request('/tenants/a/ml/metrics', { headers: { 'X-User': 'root' } });
  const { samples } = metricsOf(await scraped.text());
  for (const version of Object.values(versions)) {
    const labels = `{model="counted",version="${version}",operation="encode",status="200"}`;
    const calls = expected.filter((each) => each.version === version);
    expect(samples.get(`latentedge_requests_total${labels}`)).toBe(calls.length);
  }
});
