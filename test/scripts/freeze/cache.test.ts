import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cached, store } from '../../../scripts/freeze/cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentedge-frozen-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string) => (partial: string) => writeFile(join(partial, 'file'), text);
const HOUR = 3600;

/** An entry that was last used some hours ago. */
async function entry(name: string, hours: number): Promise<void> {
  const path = join(folder, name);
  await mkdir(path);
  const used = Date.now() / 1000 - hours * HOUR;
  await utimes(path, used, used);
}

test('an entry is there once it is whole, and the first of two writers wins', async () => {
  expect(await cached(folder, 'image', 'aa')).toBeUndefined();
  await expect(
    store(folder, 'image', 'aa', async () => {
      throw new Error('no room');
    }),
  ).rejects.toThrow('no room');
  expect(await readdir(folder)).toEqual([]);
  const [first, second] = [
    await store(folder, 'image', 'aa', write('1')),
    await store(folder, 'image', 'aa', write('2')),
  ];
  expect(first).toBe(second);
  expect(await readFile(join(first, 'file'), 'utf8')).toBe('1');
  expect(await cached(folder, 'image', 'aa')).toBe(first);
  expect(await readdir(folder)).toEqual(['image-aa']);
});

test('the entries used last are kept, those of the last hour in any case, and leftovers are removed', async () => {
  for (let i = 0; i < 20; i++) await entry(`image-${i.toString(16)}`, 2 + i);
  await entry('image-ff.3f2a', 2);
  await entry('451a524c7dc31a2c', 2);
  await entry('image-ab.9d1c', 0.5);
  await entry('model-1', 1000);
  // Used again: the oldest is now the newest.
  await cached(folder, 'image', '13');
  await store(folder, 'image', 'aa', write('new'));
  const left = new Set(await readdir(folder));
  const kept = ['aa', '13', ...Array.from({ length: 14 }, (_, i) => i.toString(16))];
  expect(left).toEqual(new Set([...kept.map((key) => `image-${key}`), 'image-ab.9d1c', 'model-1']));
  expect(existsSync(join(folder, 'image-12'))).toBe(false);
});
