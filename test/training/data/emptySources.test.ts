import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { imageFolder } from '../../../training/data/images.ts';
import { idx } from '../../../training/data/sources/idx.ts';
import { temporaryFolder } from '../../support/data/data.ts';

it('refuses IDX files without rows', async () => {
  const file = join(temporaryFolder(), 'none.idx');
  writeFileSync(file, Buffer.from([0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4]));
  await expect(idx.read(file, {})).rejects.toThrow(
    /expected rows of one value or more, received an empty array of shape \[0,4,4\]/,
  );
});

it('skips hidden entries of image folders, and notes how many', async () => {
  const folder = temporaryFolder();
  const pixel = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } });
  const image = await pixel.png().toBuffer();
  for (const name of ['cat', 'dog', '.ipynb_checkpoints']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, '0.png'), image);
  }
  writeFileSync(join(folder, 'cat', '._0.png'), 'not an image');
  writeFileSync(join(folder, 'dog', '1.webp'), await pixel.webp().toBuffer());
  const { labels, rows, notes } = await imageFolder(folder);
  expect([labels!.classes, rows.rowCount]).toEqual([['cat', 'dog'], 2]);
  expect(notes).toEqual([
    expect.stringContaining('skipped 2 images in hidden files'),
    expect.stringContaining('skipped 1 images that are neither PNG nor JPEG, such as dog/1.webp'),
  ]);
});
