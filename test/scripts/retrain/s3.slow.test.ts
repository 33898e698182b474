import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ListOptions, listAll, type ModelBucket } from '../../../scripts/store/bucket.ts';
import { dryBucket } from '../../../scripts/store/dryBucket.ts';
import { s3Bucket } from '../../../scripts/store/s3.ts';
import { type S3Server, serveS3 } from '../../../scripts/store/s3Server.ts';
import { readText, replaceText } from '../../../scripts/store/text.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { InputError } from '../../../shared/errors.ts';
import { type S3Proxy, s3Proxy } from '../../support/commands/s3Proxy.ts';

const SECRET = 'never-to-be-printed';
/** A bucket lists up to 1000 keys at a time; this one, fewer. */
const PAGE = 5;

let local: ModelBucket;
let close: () => Promise<void>;
let server: S3Server;
let proxy: S3Proxy;
let bucket: ModelBucket;

beforeAll(async () => {
  ({ bucket: local, close } = await openBucket({ r2Buckets: ['MODELS'] }));
  const paged: ModelBucket = {
    put: (...args) => local.put(...args),
    get: (key) => local.get(key),
    head: (key) => local.head(key),
    delete: (key) => local.delete(key),
    list: (options) => local.list({ ...options, limit: PAGE } as ListOptions),
  };
  server = await serveS3(paged, 'key');
  proxy = await s3Proxy(server.url);
  bucket = s3Bucket({ url: `${proxy.url}/models`, accessKeyId: 'key', secretAccessKey: SECRET });
});
afterEach(() => {
  proxy.before = () => undefined;
  proxy.after = () => undefined;
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  await close();
});

const textOf = async (key: string) => new TextDecoder().decode(await (await bucket.get(key))!.arrayBuffer());

describe('a bucket through the S3 API', () => {
  it('writes only if nobody else has', async () => {
    expect(await bucket.get('a/one')).toBeNull();
    const first = await bucket.put('a/one', 'first', { onlyIf: { etagDoesNotMatch: '*' } });
    expect(await bucket.put('a/one', 'again', { onlyIf: { etagDoesNotMatch: '*' } })).toBeNull();
    const second = await bucket.put('a/one', 'second', { onlyIf: { etagMatches: first!.etag } });
    expect(await bucket.put('a/one', 'third', { onlyIf: { etagMatches: first!.etag } })).toBeNull();
    expect([await textOf('a/one'), (await bucket.head('a/one'))!.etag]).toEqual(['second', second!.etag]);
    expect(Math.abs((await bucket.head('a/one'))!.uploaded.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('lists and deletes', async () => {
    for (const key of ['b/1/x', 'b/1/y', 'c/z']) await bucket.put(key, key);
    expect((await bucket.list({ prefix: 'b/1/' })).objects.map(({ key }) => key)).toEqual(['b/1/x', 'b/1/y']);
    expect((await bucket.list({ prefix: '', delimiter: '/' })).delimitedPrefixes).toEqual(
      expect.arrayContaining(['b/', 'c/']),
    );
    await bucket.delete('b/1/x');
    expect(await bucket.head('b/1/x')).toBeNull();
  });

  it('lists more than a page holds', async () => {
    const keys = Array.from({ length: 12 }, (_, i) => `many/${String(i).padStart(2, '0')}/x`);
    for (const key of keys) await bucket.put(key, '');
    expect((await bucket.list({ prefix: 'many/' })).objects).toHaveLength(PAGE);
    for (const each of [
      bucket,
      dryBucket(
        bucket,
        () => undefined,
        () => true,
      ),
    ]) {
      expect((await listAll(each, { prefix: 'many/' })).keys).toEqual(keys);
      const { delimitedPrefixes } = await listAll(each, { prefix: 'many/', delimiter: '/' });
      expect(delimitedPrefixes).toHaveLength(keys.length);
    }
  });

  it('lists what a dry run would have written and deleted', async () => {
    await bucket.put('dry/1/x', '');
    await bucket.put('dry/2/x', '');
    const dry = dryBucket(
      bucket,
      () => undefined,
      () => true,
    );
    await dry.put('dry/3/x', 'new');
    await dry.put('dry/y', 'new');
    await dry.delete('dry/1/x');
    expect(await dry.list({ prefix: 'dry/', delimiter: '/' })).toEqual({
      objects: [{ key: 'dry/y' }],
      delimitedPrefixes: ['dry/2/', 'dry/3/'],
    });
    const { objects } = await dry.list({ prefix: 'dry/' });
    expect(objects.map(({ key }) => key)).toEqual(['dry/2/x', 'dry/3/x', 'dry/y']);
  });

  it('keeps the additions of ten concurrent writers', async () => {
    const add = async (line: string): Promise<void> => {
      const known = await readText(bucket, 'lines');
      const text = `${known?.text ?? ''}${line}`;
      if ((await replaceText(bucket, 'lines', text, known?.etag)) === undefined) await add(line);
    };
    const lines = [...'abcdefghij'];
    await Promise.all(lines.map(add));
    expect([...(await textOf('lines'))].sort()).toEqual(lines);
  });

  it('recognises a write whose response was lost', async () => {
    let cuts = 0;
    proxy.after = ({ method }) => (method === 'PUT' && cuts++ === 0 ? 'cut' : undefined);
    expect(await replaceText(bucket, 'lost', 'text', undefined)).toBeDefined();
    expect([cuts, await textOf('lost')]).toEqual([2, 'text']);
  });

  it('takes a missing object for a condition that does not hold', async () => {
    // As Amazon's S3 and moto answer; R2 answers 412.
    proxy.before = ({ method }) => (method === 'PUT' ? { status: 404, code: 'NoSuchKey' } : undefined);
    expect(await bucket.put('gone', 'text', { onlyIf: { etagMatches: 'a'.repeat(32) } })).toBeNull();
    expect(await replaceText(bucket, 'gone', 'text', 'a'.repeat(32))).toBeUndefined();
  });

  it('waits as long as the store asks for', async () => {
    let refused = 0;
    proxy.before = ({ method }) =>
      method === 'PUT' && refused++ === 0
        ? { status: 429, code: 'SlowDown', headers: { 'Retry-After': '1' } }
        : undefined;
    const started = performance.now();
    await bucket.put('later', 'text');
    expect(performance.now() - started).toBeGreaterThan(990);
  });

  it('survives a store that is gone for seconds, and gives up in time', async () => {
    const started = performance.now();
    proxy.before = () => (performance.now() - started < 3000 ? 'cut' : undefined);
    expect(await bucket.put('back', 'text')).not.toBeNull();
    proxy.before = () => ({ status: 503, code: 'SlowDown' });
    const impatient = s3Bucket({ ...bucket.connection!, patience: 1 });
    await expect(impatient.put('never', 'text')).rejects.toThrow('the store answered 503, SlowDown');
  });

  it.each([
    ['AccessDenied', 403, 'Object Read & Write'],
    ['InvalidAccessKeyId', 403, 'R2_ACCESS_KEY_ID'],
    ['SignatureDoesNotMatch', 403, 'R2_SECRET_ACCESS_KEY'],
    ['RequestTimeTooSkewed', 403, 'clock'],
    ['NoSuchBucket', 404, 'npx wrangler r2 bucket create'],
  ])('%s says what to do, and no secret', async (code, status, remedy) => {
    proxy.before = () => ({ status, code });
    const error: Error = await bucket.put('x', 'y').then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(remedy);
    expect(error.message).not.toContain(SECRET);
  });
});
