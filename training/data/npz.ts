/** NumPy's archive format for several arrays: a zip file of `.npy` files. */
import { createRequire } from 'node:module';
import { InputError } from '../../shared/errors.ts';
import { readMaybeGzipped } from './gzip.ts';
import { type NpyArray, npySize, parseNpy } from './npy.ts';
import { plausibleSize } from './unpack.ts';

/** The part of adm-zip that is used; it is a CommonJS package without types. */
type Zip = new (
  bytes: Buffer,
) => {
  getEntries(): ZipEntry[];
};
interface ZipEntry {
  readonly entryName: string;
  readonly header: { readonly method: number; readonly size: number };
  getCompressedData(): Buffer;
  getData(): Buffer;
}
const DEFLATED = 8;
const require = createRequire(import.meta.url);

/**
 * Reads the array called `name`, or the only array if `name` is not given.
 * @throws {InputError} if the file is missing or damaged, or has no such array.
 */
export async function readNpz(path: string, name?: string): Promise<NpyArray> {
  const bytes = await readMaybeGzipped(path);
  const AdmZip = require('adm-zip') as Zip;
  try {
    const entries = new AdmZip(bytes).getEntries().filter(({ entryName }) => entryName.endsWith('.npy'));
    const names = entries.map(({ entryName }) => entryName.slice(0, -'.npy'.length));
    const at = name === undefined && names.length === 1 ? 0 : names.indexOf(name ?? '');
    if (at < 0) {
      throw new InputError(
        `${path}: expected the name of an array, as in ${path}#${names[0]}; found ${names.join(', ')}`,
      );
    }
    const source = `${path}#${names[at]}`;
    assertBounded(entries[at]!, source);
    return parseNpy(entries[at]!.getData(), source);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${path}: expected an undamaged zip file`, { cause });
  }
}

/**
 * Checks the size that an entry declares, which adm-zip allocates unchecked, against its packed bytes and its
 * array.
 */
function assertBounded(entry: ZipEntry, source: string): void {
  const { method, size } = entry.header;
  const packed = entry.getCompressedData();
  const sizeInHeader = (start: Buffer) => npySize(start, source);
  const expected =
    method === DEFLATED
      ? plausibleSize(packed, 'deflate', sizeInHeader, source)
      : Math.min(sizeInHeader(packed), packed.length);
  if (size === expected) return;
  throw new InputError(
    `${source}: expected ${expected} bytes, as the array declares; received an entry of ${size} bytes; the file is damaged`,
  );
}
