/** Keys, records and drift: the same at `/v2` as elsewhere. */
import { expect, test } from 'vitest';
import { AdminStats } from '../../shared/adminApi.ts';
import { OLD_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { API_KEYS, withKey } from '../support/edge/apiKeys.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { binaryInputs } from '../support/edge/inferMessages.ts';

const worker = edgeWorker({ API_KEYS });
const rows = { name: 'rows', datatype: 'FP32', shape: [2, 6], data: [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6] };

test('health needs no key, everything else does, in the form of the protocol', async () => {
  for (const path of ['/health/live', '/health/ready'])
    expect((await worker.request(`/v2${path}`)).status).toBe(200);
  for (const path of ['', '/models/linear', '/models/linear/ready', '/nothing']) {
    const response = await worker.request(`/v2${path}`);
    expect([response.status, await response.json()]).toEqual([
      401,
      { error: expect.stringContaining('API key') },
    ]);
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
  }
  const response = await worker.request('/v2', { headers: withKey('admin') });
  expect([response.status, await response.json()]).toEqual([
    403,
    { error: expect.stringContaining('infer') },
  ]);
});

test('an inference is one line of the log, and is timed', async () => {
  const { headers, ...init } = binaryInputs([rows]);
  const path = `/v2/models/linear/versions/${OLD_VERSION}/infer`;
  const response = await worker.request(path, { ...init, headers: { ...headers, ...withKey('infer') } });
  await response.text();
  for (const phase of ['receive', 'parse', 'queue', 'run', 'serialise'])
    expect(response.headers.get('Server-Timing')).toContain(`${phase};dur=`);
  const line = () => worker.logs.find((each) => each.includes(response.headers.get('X-Request-Id')!));
  await expect.poll(line).toBeDefined();
  expect(JSON.parse(line()!)).toMatchObject({
    ...{ method: 'POST', route: '/v2/models/:model/versions/:version/infer', status: 200, key: 'infer' },
    ...{ model: 'linear', version: OLD_VERSION, operation: 'infer', rows: 2 },
  });
});

test('drift sees rows and reconstruction errors, and neither codes nor items', async () => {
  const infer = async (model: string, inputs: object[]) => {
    const response = await worker.post(`/v2/models/${model}/infer`, { inputs }, withKey('infer'));
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
  };
  const seen = async (name: string) => {
    const response = await worker.request('/admin/stats', { headers: withKey('admin') });
    const { models } = AdminStats.parse(await response.json());
    const { drift, rows: count } = models.find((model) => model.name === name)!;
    return { rows: drift.rows, errors: drift.reconstructionError?.rows ?? 0, count };
  };
  await infer('images.autoencoder', [rows]);
  expect(await seen('images')).toEqual({ rows: 2, errors: 2, count: 2 });
  await infer('images.decoder', [{ name: 'code', datatype: 'FP32', shape: [1, 2], data: [1, 2] }]);
  expect(await seen('images')).toEqual({ rows: 2, errors: 2, count: 3 });
  await infer('items.similar', [
    { name: 'items', datatype: 'INT64', shape: [1], data: [1] },
    { name: 'k', datatype: 'INT64', shape: [1], data: [1] },
  ]);
  expect(await seen('items')).toEqual({ rows: 0, errors: 0, count: 1 });
  const numbers = ['age', 'height', 'member'].map((name) => ({
    name,
    datatype: 'FP32',
    shape: [1, 1],
    data: [1],
  }));
  await infer('columns', [{ name: 'city', datatype: 'BYTES', shape: [1, 1], data: ['Rome'] }, ...numbers]);
  expect(await seen('columns')).toEqual({ rows: 1, errors: 0, count: 1 });
});
