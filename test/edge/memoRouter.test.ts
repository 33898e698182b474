/** The router against Hono's own, on the API's routes and paths, asked in any order and more than once. */
import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { expect, it } from 'vitest';
import { memoRouter } from '../../edge/routes/memoRouter.ts';

const ROUTES = [
  ['ALL', '*'],
  ['GET', '/v2/models/stats'],
  ['GET', '/v2/models/:model'],
  ['POST', '/v1/models/:model/encode'],
  ['GET', '/v1/models/:model'],
] as const;

const PATHS = [
  ...['/v2/models/stats', '/v2/models/a', '/v1/models/a', '/v1/models/b', '/v1/models/a/encode', '/'],
  ...Array.from({ length: 600 }, (_, i) => `/v1/models/m${i}`),
  `/v1/models/${'long'.repeat(100)}`,
];

it('finds what Hono finds, also what it has found before', () => {
  const [own, other] = [memoRouter<string>(), new TrieRouter<string>()];
  for (const [method, path] of ROUTES) {
    own.add(method, path, `${method} ${path}`);
    other.add(method, path, `${method} ${path}`);
  }
  for (let round = 0; round < 2; round++)
    for (const path of PATHS)
      for (const method of ['GET', 'POST', 'DELETE'])
        expect(own.match(method, path)).toEqual(other.match(method, path));
});

it('takes routes that are added later', async () => {
  const app = new Hono({ router: memoRouter() });
  app.get('/:name', (c) => c.text(c.req.param('name')));
  expect(await (await app.request('/a')).text()).toBe('a');
  app.post('/b', (c) => c.text('posted'));
  expect(await (await app.request('/b', { method: 'POST' })).text()).toBe('posted');
  expect(await (await app.request('/b')).text()).toBe('b');
});
