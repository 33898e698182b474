/** Files that declare other sizes than they have: nothing is allocated for what they declare. */
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { readIdx } from '../../../training/data/idx.ts';
import { readNpz } from '../../../training/data/npz.ts';
import { npy } from '../../../training/data/sources/numpy.ts';
import { written } from '../../support/data/tables.ts';
import { npyOf } from '../../support/training/numpy.ts';

const MANY = 50_000_000;

const idx = (shape: readonly number[], size: number) => {
  const sizes = Buffer.alloc(4 * shape.length);
  for (const [axis, length] of shape.entries()) sizes.writeUInt32BE(length, 4 * axis);
  return Buffer.concat([Buffer.from([0, 0, 8, shape.length]), sizes, Buffer.alloc(size)]);
};

/** An archive with one array, whose entry declares this size. */
const archive = (content: Buffer, declared: number): Buffer => {
  const AdmZip = createRequire(import.meta.url)('adm-zip') as new () => {
    addFile(name: string, content: Buffer): void;
    toBuffer(): Buffer;
  };
  const zip = new AdmZip();
  zip.addFile('x.npy', content);
  const bytes = zip.toBuffer();
  bytes.writeUInt32LE(declared, bytes.indexOf('PK\x01\x02', 0, 'latin1') + 24);
  return bytes;
};

/** Reads a file that is refused, and returns the reason. */
async function refused(read: () => Promise<unknown>): Promise<string> {
  const error = await read().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

test.each([
  ['declares much more than it has', idx([60_000, 60_000], 10), 'which cannot hold them'],
  [
    'unpacks to much more than it declares',
    idx([2, 2], MANY),
    'expected a gzip file of 16 bytes, received more',
  ],
  ['is empty', idx([0, 28, 28], 0), 'received an empty array of shape [0,28,28]'],
])('a gzipped IDX file that %s', async (_, content, message) => {
  const path = written('a-idx3-ubyte.gz', gzipSync(content));
  expect(await refused(() => readIdx(path))).toContain(message);
});

test.each([
  ['declares much more than it has', npyOf('<f4', '(60000, 60000)', new Uint8Array(8)), 'cannot hold them'],
  ['unpacks to much more than it declares', npyOf('<f4', '(2,)', new Uint8Array(MANY)), 'received more'],
])('a gzipped NumPy array that %s', async (_, content, message) => {
  const path = written('a.npy', gzipSync(content));
  expect(await refused(async () => npy.read(path, {}))).toContain(message);
});

test.each([
  [
    'an entry of 4 GB',
    npyOf('<f4', '(2,)', new Uint8Array(8)),
    0xfffffffe,
    'received an entry of 4294967294 bytes',
  ],
  ['an entry without a size', npyOf('<f4', '(2,)', new Uint8Array(MANY)), 0, 'received an entry of 0 bytes'],
  ['an array of 14 GB', npyOf('<f4', '(60000, 60000)', new Uint8Array(8)), 136, 'which cannot hold them'],
])('a NumPy archive that declares %s', async (_, content, declared, message) => {
  const path = written('a.npz', archive(content, declared));
  expect(await refused(() => readNpz(path))).toContain(message);
});
