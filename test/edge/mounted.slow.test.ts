/**
 * The API as a part of somebody's own Worker: below a path, with their routes, middleware and authentication.
 */
import { hc } from 'hono/client';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../edge/client.ts';
import { latentedge, type ModelService } from '../../edge/library.ts';
import { openApiDocument } from '../../edge/openapi/document.ts';
import { NEW_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { embeddedWorkers } from '../support/edge/embeddedWorkers.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const workers = embeddedWorkers();
const rows = exampleRows(2, 6);
const codes = expectedCodes(rows, 2);

const encode = (mount: string, headers: Record<string, string> = {}) =>
  workers.request(`${mount}/v1/models/linear/encode`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ rows }),
  });

test.each(['/ml', '/read'])('answers below %s, also where middleware has read the body', async (mount) => {
  const response = await encode(mount);
  expect(await response.json()).toEqual({ model: 'linear', version: NEW_VERSION, codes });
  expect(response.headers.get('X-Model-Version')).toBe(NEW_VERSION);
});

test('the typed client takes the address that it is mounted at', async () => {
  const client = createClient(new URL('/ml', workers.url).href);
  const response = await client.v1.models[':model'].encode.$post({
    param: { model: 'linear' },
    json: { rows },
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  expect((await response.json()).codes).toEqual(codes);
});

test('offers tools for agents where it is asked to', async () => {
  const call = (mount: string) =>
    workers.request(`${mount}/mcp`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'linear_encode', arguments: { rows } },
      }),
    });
  const { result } = (await (await call('/read')).json()) as { result: { content: { text: string }[] } };
  expect(JSON.parse(result.content[0]!.text)).toEqual({ model: 'linear', version: NEW_VERSION, codes });
  expect((await call('/ml')).status).toBe(404);
});

describe('leaves the rest of the application alone', () => {
  test('its routes, errors and addresses that are nowhere', async () => {
    for (const [path, status, body] of [
      ['/own', 200, 'own'],
      ['/throws', 500, 'own error: own'],
      ['/nope', 404, 'own not found'],
      ['/mlx/health', 404, 'own not found'],
    ] as const) {
      const response = await workers.request(path);
      expect([response.status, await response.text()]).toEqual([status, body]);
    }
  });

  test('its variables and headers', async () => {
    const { headers } = await workers.request('/ml/health', { headers: { Origin: 'https://own.example' } });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-record': 'own',
      'access-control-allow-origin': 'https://own.example',
      'x-content-type-options': 'nosniff',
    });
    // That is for the owner of the host to decide.
    expect(headers.get('Strict-Transport-Security')).toBeNull();
  });

  test('its preflights', async () => {
    const headers = { Origin: 'https://own.example', 'Access-Control-Request-Method': 'POST' };
    const response = await workers.request('/ml/v1/models', { method: 'OPTIONS', headers });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://own.example');
  });
});

describe('addresses contain the path', () => {
  test.each(['/ml', '/tenants/a%20b/ml'])('of problems, at %s', async (mount) => {
    const headers = { 'X-User': 'someone' };
    const response = await workers.request(`${mount}/v1/models/nope`, { headers });
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      404,
      'application/problem+json',
    ]);
    const { type } = (await response.json()) as { type: string };
    expect(type).toBe(new URL(`${mount}/problems/unknown-model`, workers.url).href);
    expect(await (await workers.request(type)).text()).toContain('(404)');
  });

  test('of the document, and what it leads to', async () => {
    const document = await (await workers.request('/ml/openapi.json')).json();
    expect(document).toEqual(openApiDocument(new URL('/ml', workers.url).href));
    const page = await (await workers.request('/ml/docs')).text();
    const links = [...page.matchAll(/(?:href|src)="(?!data:)([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const response = await workers.request(new URL(link, new URL('/ml/docs', workers.url)).href);
      expect([link, response.status]).toEqual([link, 200]);
      await response.text();
    }
  });
});

test('unknown addresses and methods below the path, and the inference protocol', async () => {
  const nothing = await workers.request('/ml/nope');
  expect(await nothing.json()).toMatchObject({
    type: expect.stringContaining('/ml/problems/unknown-path'),
    status: 404,
  });
  const operation = await workers.request('/ml/v1/models/linear/nope', { method: 'POST' });
  expect(await operation.json()).toMatchObject({ status: 404, received: 'nope' });
  const method = await workers.request('/ml/health', { method: 'POST' });
  expect([method.status, method.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect((await workers.request('/ml/health', { method: 'HEAD' })).status).toBe(200);
  expect((await workers.request('/ml')).status).toBe(200);
  const protocol = await workers.request('/ml/v2/models/nope');
  expect(await protocol.json()).toEqual({ error: expect.any(String) });
});

describe('authentication', () => {
  test('none of its own: models are for all, the Worker is for nobody', async () => {
    expect((await encode('/ml')).status).toBe(200);
    expect((await workers.request('/ml/metrics')).status).toBe(401);
  });

  test("the application's own", async () => {
    const refused = await encode('/tenants/a/ml');
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('application') });
    expect((await encode('/tenants/a/ml', { 'X-User': 'someone' })).status).toBe(200);
    const metrics = (user: string) =>
      workers.request('/tenants/a/ml/metrics', { headers: { 'X-User': user } });
    expect([(await metrics('someone')).status, (await metrics('root')).status]).toEqual([403, 200]);
    const { detail } = (await (await metrics('someone')).json()) as { detail: string };
    expect(detail).toBe('The caller "user" does not have the scope "admin".');
    expect((await workers.request('/tenants/a/ml/health')).status).toBe(200);
  });

  test('by keys, where nothing else is said', async () => {
    expect((await encode('/keys')).status).toBe(401);
  });
});

test('routes are logged as the API has them', async () => {
  await (await workers.request('/ml/v1/models')).text();
  await expect
    .poll(() => workers.logs.filter((line) => line.includes('"/v1/models"')).length)
    .toBeGreaterThan(0);
});

test('its types are those of the routes, wherever it is mounted', () => {
  // Only its type is looked at.
  const app = () => latentedge({ models: undefined as unknown as ModelService });
  const client = hc<ReturnType<typeof app>>('http://localhost');
  expect(client.v1.models[':model'].encode.$url({ param: { model: 'm' } }).pathname).toBe(
    '/v1/models/m/encode',
  );
});
