import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { bucketDoor } from '../../../scripts/worker/bucketDoor.ts';
import { startMiniflare } from '../../../scripts/worker/supervisor.ts';

const door = bucketDoor({ modules: true, script: 'export default {}', r2Buckets: ['MODELS'], cf: false });
const miniflare = startMiniflare(door.options);
let bucket: ModelBucket;

beforeAll(async () => {
  bucket = await door.open(miniflare);
});
afterAll(() => miniflare.dispose());

const textOf = async (key: string) => new TextDecoder().decode(await (await bucket.get(key))!.arrayBuffer());

it('keeps what many write and read at a time, under any key', async () => {
  const keys = Array.from({ length: 60 }, (_, i) => `a b/${i} %2F ü "?#&.json`);
  await Promise.all(keys.map((key) => bucket.put(key, `text of ${key}`)));
  expect(await Promise.all(keys.map(textOf))).toEqual(keys.map((key) => `text of ${key}`));
  const { objects } = await bucket.list({ prefix: 'a b/' });
  expect(objects.map(({ key }) => key)).toEqual(keys.toSorted());
  const infos = await Promise.all(keys.map((key) => bucket.head(key)));
  expect(new Set(infos.map((info) => info!.etag)).size).toBe(60);
  expect(Date.now() - infos[0]!.uploaded.getTime()).toBeLessThan(60_000);
});

it('refuses bytes with another hash, and takes empty ones', async () => {
  await expect(bucket.put('hashed', 'text', { sha256: '0'.repeat(64) })).rejects.toThrow(
    /put hashed: .*checksum you specified did not match/,
  );
  expect(await bucket.head('hashed')).toBeNull();
  await bucket.put('empty', new Uint8Array());
  expect(await textOf('empty')).toBe('');
});

it('opens for nobody without the token', async () => {
  const url = await miniflare.unsafeGetDirectURL('latentedge-bucket-door');
  const call = encodeURIComponent(JSON.stringify({ name: 'list', options: {} }));
  for (const headers of [{ 'X-Call': call }, { 'X-Call': call, Authorization: 'guessed' }])
    expect((await fetch(url, { headers })).status).toBe(403);
});
