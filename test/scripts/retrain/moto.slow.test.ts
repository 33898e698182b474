/** A bucket of a server that others have written: moto, from PyPI. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../../scripts/retrain/journal.ts';
import { acquireLock, lockHolder } from '../../../scripts/retrain/lock.ts';
import { listAll, type ModelBucket } from '../../../scripts/store/bucket.ts';
import { s3Bucket } from '../../../scripts/store/s3.ts';
import { replaceText } from '../../../scripts/store/text.ts';
import { printedAddress } from '../../support/commands/printedAddress.ts';
import { s3Proxy } from '../../support/commands/s3Proxy.ts';
import { keptFolder } from '../../support/data/data.ts';
import { expectUploads } from '../../support/data/uploads.ts';

const folder = keptFolder();
const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
let stop: () => void;
let bucket: ModelBucket;

beforeAll(async () => {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', folder]);
  await run(join(folder, 'bin/pip'), ['install', '--quiet', 'moto[server]>=5.1']);
  const server = spawn(join(folder, 'bin/moto_server'), ['-p', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  stop = () => server.kill('SIGTERM');
  const url = await printedAddress(server);
  const client = new AwsClient({ ...keys, service: 's3', region: 'us-east-1' });
  expect((await client.fetch(`${url}/models`, { method: 'PUT' })).status).toBe(200);
  bucket = s3Bucket({ url: `${url}/models`, ...keys });
}, 180_000);
afterAll(() => stop());

it('writes only if nobody else has', async () => {
  const first = await bucket.put('a/one', 'first', { onlyIf: { etagDoesNotMatch: '*' } });
  expect(await bucket.put('a/one', 'again', { onlyIf: { etagDoesNotMatch: '*' } })).toBeNull();
  const second = await bucket.put('a/one', 'second', { onlyIf: { etagMatches: first!.etag } });
  expect(await bucket.put('a/one', 'third', { onlyIf: { etagMatches: first!.etag } })).toBeNull();
  expect((await bucket.head('a/one'))!.etag).toBe(second!.etag);
  expect(await replaceText(bucket, 'a/absent', 'text', first!.etag)).toBeUndefined();
  expect(await bucket.head('a/absent')).toBeNull();
});

it('lists more than a page, and folders', async () => {
  const names = Array.from({ length: 1100 }, (_, i) => `b/${String(i).padStart(4, '0')}`);
  for (let at = 0; at < names.length; at += 20)
    await Promise.all(names.slice(at, at + 20).map((name) => bucket.put(name, 'x')));
  expect((await listAll(bucket, { prefix: 'b/' })).keys).toEqual(names);
  expect((await bucket.list({ prefix: '', delimiter: '/' })).delimitedPrefixes).toContain('b/');
});

it('takes a file in parts, by presigned addresses', () => expectUploads(bucket.connection!));

it('holds locks and journals', async () => {
  const lock = await acquireLock(bucket, 'rain', {
    holder: 'r',
    seconds: 30,
    wait: 0,
    print: () => undefined,
  });
  expect(await lockHolder(bucket, 'rain')).toContain('run r');
  const journal = await openJournal(bucket, 'rain');
  for (const event of ['started', 'begun', 'done', 'ended'] as const)
    await journal.append({ run: 'r', event });
  expect((await openJournal(bucket, 'rain')).entries).toHaveLength(4);
  await lock.release();
  expect(await lockHolder(bucket, 'rain')).toBeUndefined();
});

it('survives a store that is gone for a while, and by itself for more than a minute', async () => {
  const { port } = new URL(bucket.connection!.url);
  const proxy = await s3Proxy(`http://127.0.0.1:${port}/models`);
  const started = performance.now();
  proxy.before = () => (performance.now() - started < 12_000 ? { status: 503, code: 'SlowDown' } : undefined);
  // moto does not check signatures, which name the address.
  const patient = s3Bucket({ url: `${proxy.url}/models`, ...keys });
  const written = await patient.put('gone/for/a/while', 'text');
  expect([written !== null, performance.now() - started > 12_000]).toEqual([true, true]);
  expect(patient.connection!.patience).toBeGreaterThan(60);
  await proxy.close();
});
