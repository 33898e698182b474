import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { describe, expect, inject, test } from 'vitest';
import { startWorker } from '../../scripts/worker/worker.ts';
import { API_KEYS, KEYS, LOCAL, LOCAL_KEY, withKey } from '../support/edge/apiKeys.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { rawRequest } from '../support/edge/rawRequest.ts';

const guarded = edgeWorker({ API_KEYS });
const open = edgeWorker();
const local = edgeWorker(LOCAL);
const openToAll = edgeWorker({ OPEN: 'true' });
/** With one key as it is. */
const owned = edgeWorker({ API_KEY: KEYS.spare });
/** With one key as it is, and others by their hashes. */
const both = edgeWorker({ API_KEY: 'a-key-of-its-owner-alone', API_KEYS });
const row = [1, 2, 3, 4, 5, 6];

/** By path: the status without a key, with the scope `infer`, and with `admin`. */
const STATUSES: readonly [path: string, none: number, infer: number, admin: number][] = [
  ['/health', 200, 200, 200],
  ['/problems/unauthorized', 200, 200, 200],
  ['/problems/nope', 404, 404, 404],
  ['/v1/models', 401, 200, 403],
  ['/v1/models/linear', 401, 200, 403],
  ['/v1/models/nope', 401, 404, 403],
  ['/v1/models/linear/encode', 401, 405, 403],
  ['/', 200, 200, 200],
  ['/healthy', 401, 404, 403],
  ['/health/', 401, 404, 403],
  ['/metrics', 401, 403, 200],
  ['/admin/stats', 401, 403, 200],
  ['/%61dmin/stats', 401, 403, 200],
  ['/admin%2Fstats', 401, 404, 403],
  ['/admin', 401, 403, 404],
];

describe.each(STATUSES)('%s', (path, none, infer, admin) => {
  test('asks for its scope', async () => {
    const statuses = [{}, withKey('infer'), withKey('admin'), withKey('both')].map(async (headers) => {
      const response = await guarded.request(path, { headers });
      await response.text();
      return response.status;
    });
    expect(await Promise.all(statuses)).toEqual([none, infer, admin, infer === 403 ? admin : infer]);
  });
});

test.each([
  { Authorization: `Bearer ${KEYS.infer}` },
  { Authorization: `bearer   ${KEYS.infer}` },
  { 'X-API-Key': KEYS.infer },
  { Authorization: 'Basic Zm9vOmJhcg==', 'X-API-Key': KEYS.infer },
])('a key is taken from %o', async (headers) => {
  const response = await guarded.post('/v1/models/linear/encode', { rows: [row] }, headers);
  expect(response.status).toBe(200);
  await response.json();
});

test('a key that is configured as it is opens everything, and closes the Worker to others', async () => {
  const statuses = async (worker: typeof owned, headers: Record<string, string>) =>
    Promise.all(
      ['/health', '/v1/models', '/metrics'].map(
        async (path) => (await worker.request(path, { headers })).status,
      ),
    );
  expect(await statuses(owned, {})).toEqual([200, 401, 401]);
  expect(await statuses(owned, withKey('infer'))).toEqual([200, 401, 401]);
  expect(await statuses(owned, withKey('spare'))).toEqual([200, 200, 200]);
  expect(await statuses(both, { 'X-API-Key': 'a-key-of-its-owner-alone' })).toEqual([200, 200, 200]);
  expect(await statuses(both, withKey('infer'))).toEqual([200, 200, 403]);
  await expect.poll(() => owned.logs.join('\n')).toContain('"key":"owner"');
  expect(owned.logs.join('\n')).not.toContain(KEYS.spare);
});

test.each([
  ['no key', {}, 'Bearer'],
  ['another scheme', { Authorization: 'Basic Zm9vOmJhcg==' }, 'Bearer'],
  ['an empty key', { Authorization: 'Bearer ' }, 'Bearer'],
  ['a longer key', { 'X-API-Key': `${KEYS.infer}s` }, 'Bearer error="invalid_token"'],
  ['a shorter key', { 'X-API-Key': KEYS.infer.slice(0, -1) }, 'Bearer error="invalid_token"'],
  ['another case', { 'X-API-Key': KEYS.infer.toUpperCase() }, 'Bearer error="invalid_token"'],
  [
    'the stored hash',
    { 'X-API-Key': createHash('sha256').update(KEYS.infer).digest('hex') },
    'Bearer error="invalid_token"',
  ],
  ['a very long key', { 'X-API-Key': 'k'.repeat(10_000) }, 'Bearer error="invalid_token"'],
  [
    'a wrong and a right key',
    { Authorization: 'Bearer wrong', 'X-API-Key': KEYS.infer },
    'Bearer error="invalid_token"',
  ],
])('%s is refused', async (_, headers, challenge) => {
  const response = await guarded.request('/v1/models', { headers: headers as Record<string, string> });
  expect(response.headers.get('WWW-Authenticate')).toBe(challenge);
  await expectProblem(response, 'unauthorized');
});

test('a missing scope is named in the challenge', async () => {
  const response = await guarded.request('/metrics', { headers: withKey('infer') });
  expect(response.headers.get('WWW-Authenticate')).toBe('Bearer error="insufficient_scope", scope="admin"');
  expect(await expectProblem(response, 'forbidden')).toMatchObject({ expected: 'admin' });
});

test('OPTIONS needs no key', async () => {
  const response = await guarded.request('/v1/models/linear/encode', { method: 'OPTIONS' });
  expect([response.status, response.headers.get('Allow')]).toEqual([204, 'POST, OPTIONS']);
});

test.each(['localhost', '127.0.0.1:1234', '127.9.8.7', '[::1]:8787'])(
  'without keys, the models are open to %s, and nothing else',
  async (host) => {
    const status = async (path: string) => (await rawRequest(new URL(path, open.url), { Host: host })).status;
    expect([await status('/v1/models'), await status('/admin/stats')]).toEqual([200, 401]);
  },
);

test.each([
  ['another host', { Host: 'models.example.com' }],
  ['a host that starts like this machine', { Host: '127.0.0.1.example.com' }],
  ['a host that ends like this machine', { Host: 'example.localhost' }],
  ['a client that is elsewhere', { Host: 'localhost', 'CF-Connecting-IP': '203.0.113.5' }],
  ...[
    'Forwarded',
    'Via',
    'X-Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Original-Forwarded-For',
    'X-Real-IP',
    'X-Client-IP',
    'X-Cluster-Client-IP',
    'True-Client-IP',
    'Fly-Client-IP',
    'Fastly-Client-IP',
    'X-Envoy-External-Address',
    'CF-Ray',
    'CDN-Loop',
  ].map((name): [string, Record<string, string>] => [
    `a proxy on this machine that sends ${name}`,
    { Host: '127.0.0.1', [name]: '127.0.0.1' },
  ]),
  [
    'an address in place of the host',
    { Host: 'example.com', 'MF-Original-URL': 'http://localhost/v1/models' },
  ],
])('without keys, %s is refused, and told what to do', async (_, headers) => {
  const response = await rawRequest(new URL('/v1/models', open.url), headers);
  const { detail } = await expectProblem(response, 'unauthorized');
  expect(detail).toContain('the command "key" of latentedge');
  expect(detail).toContain('API_KEYS');
});

const PATHS = ['/v1/models', '/metrics', '/admin/stats'];

test('without keys, a key of the run opens everything, and leaves the models open', async () => {
  const statuses = (headers?: Record<string, string>) =>
    Promise.all(PATHS.map(async (path) => (await local.request(path, headers && { headers })).status));
  expect(await statuses({ 'X-API-Key': LOCAL_KEY.key })).toEqual([200, 200, 200]);
  expect(await statuses()).toEqual([200, 401, 401]);
  expect(await statuses({ 'X-API-Key': 'another' })).toEqual([200, 401, 401]);
});

/**
 * Forwards as nginx does that is told nothing but where to: HTTP/1.0, its own host, and no header of its own.
 */
async function stockProxy(target: URL): Promise<Server> {
  const proxy = createServer((client) => {
    // A request each time: clients may keep their connection.
    client.on('data', (bytes: Buffer) => {
      const [head, ...body] = bytes.toString('latin1').split('\r\n\r\n');
      const [line, ...lines] = head!.split('\r\n');
      const kept = lines.filter((each) => !/^(host|connection|keep-alive):/i.test(each));
      const forwarded = [
        line!.replace('HTTP/1.1', 'HTTP/1.0'),
        ...[`Host: ${target.host}`, 'Connection: close', ...kept],
      ].join('\r\n');
      const server = connect(Number(target.port), target.hostname);
      server.write(Buffer.from([forwarded, ...body].join('\r\n\r\n'), 'latin1'));
      server.pipe(client, { end: false });
    });
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return proxy;
}

test('without keys, what a proxy forwards that shows itself by nothing is refused', async () => {
  const proxy = await stockProxy(local.url);
  const { port } = proxy.address() as AddressInfo;
  const through = async (path: string, headers: Record<string, string> = {}) => {
    const url = new URL(path, `http://127.0.0.1:${port}`);
    return (await rawRequest(url, { Host: 'models.example.com', ...headers })).status;
  };
  expect(await Promise.all(PATHS.map((path) => through(path)))).toEqual([401, 401, 401]);
  expect(await through('/health')).toBe(200);
  const key = { 'X-API-Key': LOCAL_KEY.key };
  expect(await Promise.all(PATHS.map((path) => through(path, key)))).toEqual([200, 200, 200]);
  proxy.close();
});

test('OPEN = "true" opens the models to everybody, and nothing else', async () => {
  const statuses = ['/v1/models', '/metrics', '/admin/stats'].map(async (path) => {
    const response = await rawRequest(new URL(path, openToAll.url), { Host: 'models.example.com' });
    return response.status;
  });
  expect(await Promise.all(statuses)).toEqual([200, 401, 401]);
});

test('without keys, a Worker that listens to other machines is closed', async () => {
  const worker = await startWorker(inject('build'), { log: () => undefined, host: '0.0.0.0' });
  const url = new URL('/v1/models', worker.url);
  url.hostname = '127.0.0.1';
  await expectProblem(await rawRequest(url, { 'CF-Connecting-IP': '127.0.0.1' }), 'unauthorized');
  await worker.dispose();
});

test('a client that is still sending its body sees why it is refused', async () => {
  const statuses = Array.from({ length: 6 }, async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 20; sent++) controller.enqueue(new Uint8Array(65_536));
        controller.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' };
    const response = await guarded.request('/v1/models/linear/encode', init);
    await expectProblem(response, 'unauthorized');
  });
  await Promise.all(statuses);
});

test('no key is ever logged', async () => {
  await expect.poll(() => guarded.logs.length).toBeGreaterThan(50);
  const logs = guarded.logs.join('\n');
  for (const key of Object.values(KEYS)) expect(logs).not.toContain(key.slice(3));
  expect(logs).not.toMatch(/Zm9vOmJhcg|kkkk/);
});
