import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { requireAccess } from '../../../scripts/retrain/targets/requireWorker.ts';

afterEach(() => vi.unstubAllEnvs());

/** A Worker that takes one key for models, under `/ml`. */
async function worker(): Promise<string> {
  const server = createServer(({ url, headers: { authorization } }, response) => {
    const isPublic = url === '/ml/health';
    const status =
      authorization === 'Bearer right' || isPublic ? 200 : authorization === 'Bearer admin' ? 403 : 401;
    response.writeHead(url === '/ml/v1/models' || isPublic ? status : 404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ml`;
}

it.each([
  [
    'wrong',
    'the key of this command with 401',
    'The key was taken from the environment variable LATENTEDGE_API_KEY',
  ],
  ['admin', 'the key of this command with 403', 'The key was taken from artifacts/.serving.json'],
  [undefined, 'a request without a key with 401', 'No key was sent'],
])('refuses the key %s before a run, and says where it was taken from', async (key, told, from) => {
  vi.stubEnv('LATENTEDGE_API_KEY', 'wrong');
  await expect(requireAccess(await worker(), key)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(
      new RegExp(
        `answers ${told}\\. ${from}.*: to send another one, .*export LATENTEDGE_API_KEY=<key>; "npm run key `,
      ),
    ),
  });
});

it('takes the right key', async () => {
  await expect(requireAccess(await worker(), 'right')).resolves.toBeUndefined();
});

/** A Worker whose models anybody may ask; only administration takes a key, which one key lacks the scope for. */
async function openWorker(): Promise<string> {
  const statuses = { 'Bearer right': 200, 'Bearer infer': 403 } as Readonly<Record<string, number>>;
  const server = createServer(({ url, headers: { authorization = '' } }, response) => {
    response.writeHead(url === '/v1/models' ? 200 : (statuses[authorization] ?? 401)).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('refuses a key that an open Worker does not know, and none that only lacks the scope admin', async () => {
  vi.stubEnv('LATENTEDGE_API_KEY', 'wrong');
  const address = await openWorker();
  await expect(requireAccess(address, 'wrong')).rejects.toThrow(
    /the key of this command with 401\. The key was taken from the environment variable LATENTEDGE_API_KEY/,
  );
  for (const key of ['right', 'infer', undefined])
    await expect(requireAccess(address, key)).resolves.toBeUndefined();
});
