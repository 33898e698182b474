/** Files that may be gzipped. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { InputError } from '../../shared/errors.ts';

const MAGIC = 0x1f8b;

/**
 * All bytes of a file, unpacked where it is gzipped, whatever its name.
 * @throws {InputError} when it is missing or damaged.
 */
export async function readMaybeGzipped(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    return bytes.length >= 2 && bytes.readUInt16BE(0) === MAGIC ? gunzipSync(bytes) : bytes;
  } catch (cause) {
    throw new InputError(`${path}: cannot be read`, { cause });
  }
}

/**
 * Unpacks a gzipped file to nowhere: DuckDB checks neither its checksum nor its end, and a damaged file would give
 * other numbers or fewer rows without a word.
 * @throws {InputError} when it is damaged.
 */
export async function checkGzip(path: string): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
  } catch (cause) {
    throw new InputError(`${path}: expected an undamaged gzip file`, { cause });
  }
}
