import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { copyBucket } from '../../../scripts/worker/bucketCopy.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const LOG = 'models.sqlite-wal';

/** Writes a number to the log of a database every few milliseconds; returns the last one. */
function writing(folder: string): { readonly stop: () => string } {
  let number = 0;
  const write = () => writeFileSync(join(folder, LOG), String(1000 + ++number));
  write();
  const timer = setInterval(write, 5);
  const stop = () => {
    clearInterval(timer);
    return String(1000 + number);
  };
  onTestFinished(() => void stop());
  return { stop };
}

it('waits for a moment in which nothing is written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'models.sqlite'), 'pages');
  const { stop } = writing(folder);
  let last = '';
  setTimeout(() => {
    last = stop();
  }, 300);
  const copy = await copyBucket(folder);
  expect(readFileSync(join(copy.folder, LOG), 'utf8')).toBe(last);
  expect(readFileSync(join(copy.folder, 'models.sqlite'), 'utf8')).toBe('pages');
  await copy.remove();
});

it('gives up on a bucket that is written to all the time', async () => {
  const folder = temporaryFolder();
  writing(folder);
  await expect(copyBucket(folder)).rejects.toMatchObject({
    name: 'BusyError',
    message: expect.stringContaining('written to all the time'),
  });
});

it('keeps small objects that are deleted in the bucket, and only links to large ones', async () => {
  const folder = temporaryFolder();
  const blobs = join(folder, 'blobs');
  mkdirSync(blobs);
  writeFileSync(join(blobs, 'aliases'), 'small');
  writeFileSync(join(blobs, 'model'), new Uint8Array(1_000_000));
  const copy = await copyBucket(folder);
  rmSync(join(blobs, 'aliases'));
  expect(readFileSync(join(copy.folder, 'blobs', 'aliases'), 'utf8')).toBe('small');
  expect(lstatSync(join(copy.folder, 'blobs', 'model')).isSymbolicLink()).toBe(true);
  await copy.remove();
});
