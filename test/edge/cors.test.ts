import { expect, test } from 'vitest';
import { API_KEYS, withKey } from '../support/edge/apiKeys.ts';
import { capturedLogs, edgeApp } from '../support/edge/edgeApp.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';

const PAGE = 'https://app.example.com';
const ENCODE = '/v1/models/linear/encode';
const listed = edgeWorker({ API_KEYS, CORS_ORIGINS: `${PAGE}, http://localhost:3000` });

const preflight = (Origin: string) => ({
  method: 'OPTIONS',
  headers: {
    Origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization,content-type',
  },
});
const allowed = ({ headers }: Response) => headers.get('Access-Control-Allow-Origin');

test.each([PAGE, 'http://localhost:3000'])('a preflight of %s is answered without a key', async (origin) => {
  const { status, headers } = await listed.request(ENCODE, preflight(origin));
  expect(status).toBe(204);
  expect(Object.fromEntries(headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET,HEAD,POST',
    'access-control-allow-headers': 'authorization,content-type',
    'access-control-max-age': '7200',
    vary: 'Origin, Access-Control-Request-Headers',
  });
});

test.each(['https://evil.example', 'https://app.example.com.evil.example', 'http://app.example.com', 'null'])(
  'pages of %s may read nothing',
  async (origin) => {
    const first = await listed.request(ENCODE, preflight(origin));
    const response = await listed.request('/health', { headers: { Origin: origin } });
    expect([allowed(first), allowed(response)]).toEqual([null, null]);
    expect(response.headers.get('Vary')).toContain('Origin');
    await response.json();
  },
);

test('a page may read answers, and the headers that clients need', async () => {
  const response = await listed.post(
    ENCODE,
    { rows: [[1, 2, 3, 4, 5, 6]] },
    { Origin: PAGE, ...withKey('infer') },
  );
  expect(allowed(response)).toBe(PAGE);
  const exposed = response.headers.get('Access-Control-Expose-Headers')?.split(',');
  expect(exposed).toEqual(
    expect.arrayContaining(['X-Model-Version', 'Server-Timing', 'X-Request-Id', 'Retry-After']),
  );
  expect(response.headers.get('X-Model-Version')).not.toBeNull();
  // Keys are sent by the page's own code, never by the browser as it sends cookies.
  expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  await response.json();
});

test('a page may read why it was refused', async () => {
  const response = await listed.post(ENCODE, {}, { Origin: PAGE });
  expect(allowed(response)).toBe(PAGE);
  await expectProblem(response, 'unauthorized');
});

test('every page may, where * is configured', async () => {
  capturedLogs();
  const app = edgeApp({ CORS_ORIGINS: '*' });
  const first = await app.request(`http://localhost${ENCODE}`, preflight('https://any.example'));
  const response = await app.request('http://localhost/health', {
    headers: { Origin: 'https://any.example' },
  });
  expect([first.status, allowed(first), allowed(response)]).toEqual([204, '*', '*']);
});

test('by default no page may', async () => {
  capturedLogs();
  const app = edgeApp();
  const first = await app.request(`http://localhost${ENCODE}`, preflight(PAGE));
  const response = await app.request('http://localhost/health', { headers: { Origin: PAGE } });
  expect([first.status, allowed(first), allowed(response)]).toEqual([204, null, null]);
});

test('OPTIONS that is no preflight tells the methods of the path', async () => {
  const plain = await listed.request(ENCODE, { method: 'OPTIONS', headers: { Origin: PAGE } });
  expect([plain.status, plain.headers.get('Allow')]).toEqual([204, 'POST, OPTIONS']);
  expect((await listed.request('/nothing', { method: 'OPTIONS' })).status).toBe(404);
});
