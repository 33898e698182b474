import { expect, test } from 'vitest';
import { Health, ModelDescription, ModelList } from '../../shared/api.ts';
import { edgeArtifacts, NEW_VERSION, OLD_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';

const worker = edgeWorker();
const RESOURCES = ['/health', '/v1/models', '/v1/models/linear', '/problems/empty-batch'] as const;

test('GET /health', async () => {
  const response = await worker.request('/health');
  expect(response.status).toBe(200);
  expect(Health.parse(await response.json())).toEqual({ status: 'ok', models: edgeArtifacts().length });
});

test('GET /v1/models lists every version, newest first', async () => {
  const { models } = ModelList.parse(await (await worker.request('/v1/models')).json());
  const references = edgeArtifacts().map(({ manifest: { name, version } }) => `${name}@${version}`);
  expect(models.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(references.sort());
  const linear = models.filter(({ name }) => name === 'linear');
  expect(linear.map(({ version }) => version)).toEqual([NEW_VERSION, OLD_VERSION]);
  expect(linear[0]).toMatchObject({ variant: 'linear', codeSize: 2, features: 6 });
});

test.each([
  ['linear', NEW_VERSION],
  [`linear@${OLD_VERSION}`, OLD_VERSION],
  [`linear%40${OLD_VERSION}`, OLD_VERSION],
])('GET /v1/models/%s', async (reference, version) => {
  const response = await worker.request(`/v1/models/${reference}`);
  const description = ModelDescription.parse(await response.json());
  expect(description).toMatchObject({ name: 'linear', version, versions: [NEW_VERSION, OLD_VERSION] });
  expect(description.features.names).toHaveLength(6);
  expect(description.prediction).toEqual({ target: 'price', predictor: 'linear' });
});

test.each(RESOURCES)('HEAD %s has the headers of GET and no body', async (path) => {
  const get = await worker.request(path);
  const head = await worker.request(path, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('Content-Type')).toBe(get.headers.get('Content-Type'));
  expect(await head.text()).toBe('');
  await get.text();
});

test.each([...RESOURCES, '/v1/models/linear/encode'])('OPTIONS %s', async (path) => {
  const response = await worker.request(path, { method: 'OPTIONS' });
  expect(response.status).toBe(204);
  expect(response.headers.get('Allow')).toBe(
    path.endsWith('encode') ? 'POST, OPTIONS' : 'GET, HEAD, OPTIONS',
  );
  expect(response.headers.get('Content-Type')).toBeNull();
});

test('OPTIONS and HEAD of nothing are 404', async () => {
  for (const method of ['OPTIONS', 'HEAD']) {
    expect((await worker.request('/nothing', { method })).status).toBe(404);
  }
});
