import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { serveS3 } from '../../../scripts/store/s3Server.ts';
import { findServing } from '../../../scripts/worker/serving.ts';
import { written } from '../../support/data/tables.ts';
import { memoryBucket } from '../../support/edge/memoryBucket.ts';

test('a Worker that has none of the paths of the API is found for as long as it runs', async () => {
  const worker = createServer((_, response) => {
    response.writeHead(404).end('my own page');
  });
  await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    worker.close();
  });
  const store = await serveS3(memoryBucket(), 'id');
  const serving = {
    ...{ kind: 'serve', key: 'key', runtime: 'stock' },
    url: `http://127.0.0.1:${(worker.address() as AddressInfo).port}/`,
    bucket: { url: store.url, accessKeyId: 'id' },
    rows: { url: store.url, accessKeyId: 'id' },
    jobs: { url: store.url, accessKeyId: 'id' },
  };
  const file = written('serving.json', JSON.stringify(serving));
  expect(await findServing(file)).toEqual(serving);
  await store.close();
  expect(await findServing(file)).toBeUndefined();
});
