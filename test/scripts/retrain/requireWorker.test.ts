import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { requireAccess } from '../../../scripts/retrain/targets/requireWorker.ts';

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
  ['wrong', 'the key of this command with 401'],
  ['admin', 'the key of this command with 403'],
  [undefined, 'a request without a key with 401'],
])('refuses the key %s before a run', async (key, told) => {
  await expect(requireAccess(await worker(), key)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(new RegExp(`answers ${told}\\. .*LATENTEDGE_API_KEY: set it to one`)),
  });
});

it('takes the right key', async () => {
  await expect(requireAccess(await worker(), 'right')).resolves.toBeUndefined();
});
