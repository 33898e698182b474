import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { accessOf, liveWorker } from '../../../scripts/retrain/live.ts';

test.each(['', '/', '/ml', '/ml/'])('a Worker whose API is at its path "%s"', async (path) => {
  const received: string[] = [];
  const server = createServer(({ method, url, headers: { authorization } }, response) => {
    received.push(`${method} ${url} ${authorization}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  await liveWorker(url, 'secret').stats();
  const mounted = path.replace(/\/$/, '');
  expect(received).toEqual([`GET ${mounted}/admin/stats Bearer secret`]);
  expect(accessOf(url, 'secret')).toEqual({ path: mounted, headers: { Authorization: 'Bearer secret' } });
  expect(accessOf(url, undefined)).toEqual({ path: mounted, headers: {} });
});

test.each([
  [204, undefined],
  [401, 'the Worker refused the key for /admin/reload (401), and rereads'],
  [503, 'the Worker did not do /admin/reload (503), and rereads'],
])('a Worker that answers %i when it is to reread aliases: tells if it does not', async (status, told) => {
  const server = createServer((_, response) => {
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reply = await liveWorker(url, 'secret').reload();
  expect(reply).toEqual(told && expect.stringContaining(told));
});
