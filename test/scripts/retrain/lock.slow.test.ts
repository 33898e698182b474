import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acquireLock, lockHolder } from '../../../scripts/retrain/lock.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { s3Bucket } from '../../../scripts/store/s3.ts';
import { StoreFailure } from '../../../scripts/store/s3Errors.ts';
import { serveS3 } from '../../../scripts/store/s3Server.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { s3Proxy } from '../../support/commands/s3Proxy.ts';

/** Longer than the lock lasts. */
const BUSY_MS = 12_000;

let bucket: ModelBucket;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ bucket, close } = await openBucket({ r2Buckets: ['MODELS'] }));
});
afterAll(() => close());

it('a lock is renewed while the event loop of its run is busy', async () => {
  const server = await serveS3(bucket, 'key');
  const script = join(import.meta.dirname, '../../support/commands/busyRun.ts');
  const run = spawn(process.execPath, ['--import', 'tsx', script, server.url, `${BUSY_MS}`]);
  let output = '';
  run.stdout.on('data', (text) => {
    output += text;
  });
  const ended = new Promise<number | null>((resolve) => run.once('close', resolve));
  await expect.poll(() => output, { timeout: 60_000 }).toContain('held');
  const holders = new Set<string | undefined>();
  for (const started = performance.now(); performance.now() - started < BUSY_MS - 1000; ) {
    // Without the seconds that are left.
    holders.add((await lockHolder(bucket, 'busy'))?.split(',')[0]);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect([...holders]).toEqual([expect.stringContaining('run busy')]);
  expect([await ended, output]).toEqual([0, 'held\nreleased\n']);
  expect(await lockHolder(bucket, 'busy')).toBeUndefined();
  await server.close();
});

it('a lock is held again after the store was gone for longer than it lasts', async () => {
  const server = await serveS3(bucket, 'key');
  const proxy = await s3Proxy(server.url);
  const connection = { url: `${proxy.url}/models`, accessKeyId: 'key', secretAccessKey: 'secret' };
  const lock = await acquireLock(s3Bucket(connection), 'outage', {
    ...{ holder: 'patient', seconds: 1, wait: 0, print: () => undefined },
  });
  const started = performance.now();
  proxy.before = () => (performance.now() - started < 3000 ? 'cut' : undefined);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await lock.confirm();
  expect(await lockHolder(bucket, 'outage')).toContain('run patient');
  await lock.release();
  await proxy.close();
  await server.close();
});

it('of a store that is gone for good, a lock fails as the store does, and its release does not wait for long', async () => {
  const server = await serveS3(bucket, 'key');
  const proxy = await s3Proxy(server.url);
  const connection = {
    ...{ url: `${proxy.url}/models`, accessKeyId: 'key', secretAccessKey: 'secret', patience: 1 },
  };
  const lock = await acquireLock(s3Bucket(connection), 'gone', {
    ...{ holder: 'lost', seconds: 1, wait: 0, print: () => undefined },
  });
  proxy.before = () => 'cut';
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await expect(lock.confirm()).rejects.toThrow(StoreFailure);
  proxy.before = () => new Promise(() => undefined);
  const started = performance.now();
  await lock.release();
  expect(performance.now() - started).toBeLessThan(20_000);
  await proxy.close();
  await server.close();
});
