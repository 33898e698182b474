/** Uploads in parts to the local bucket, behind its S3 API. */
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BucketConnection } from '../../../scripts/store/bucket.ts';
import { readObject, uploadFile } from '../../../scripts/store/multipart.ts';
import { serveS3 } from '../../../scripts/store/s3Server.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { expectUploads } from '../../support/data/uploads.ts';

const MIB = 2 ** 20;

let connection: BucketConnection;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await openBucket({ r2Buckets: ['MODELS'] });
  const server = await serveS3(opened.bucket, 'key');
  connection = { url: server.url, accessKeyId: 'key', secretAccessKey: 'secret' };
  close = async () => {
    await server.close();
    await opened.close();
  };
});
afterAll(() => close());

it('a file of several parts arrives whole', () => expectUploads(connection));

it('an object is not in memory as a whole on its way from the bucket', async () => {
  const path = join(temporaryFolder(), 'large.bin');
  const bytes = 192 * MIB;
  writeFileSync(path, '');
  truncateSync(path, bytes);
  await uploadFile(connection, 'large.bin', path, () => undefined);
  const before = process.memoryUsage().arrayBuffers;
  let [read, most] = [0, 0];
  for await (const piece of await readObject(connection, 'large.bin')) {
    read += piece.length;
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(read).toBe(bytes);
  expect(most).toBeLessThan(bytes / 3);
}, 300_000);

it.each([
  ['a wrong key', {}, 'InvalidAccessKeyId'],
  ['no file', { path: 'none.csv' }, 'none.csv: no such file'],
  ['an empty file', { text: '' }, 'received an empty file'],
])('%s is an input error', async (_, { path, text = 'rows' }: { path?: string; text?: string }, message) => {
  const file = join(temporaryFolder(), 'rows.csv');
  writeFileSync(file, text);
  const upload = uploadFile(
    { ...connection, accessKeyId: 'other' },
    'rows.csv',
    path ?? file,
    () => undefined,
  );
  await expect(upload).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringContaining(message),
  });
});
