/** Reading and checking of gzipped files. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { InputError } from '../../shared/errors.ts';

const MAGIC = 0x1f8b;

/**
 * Reads a file and unpacks it if its content is gzipped, whatever its name.
 * @throws {InputError} if it is missing or damaged.
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
 * Checks a gzipped file by unpacking it and discarding the result. DuckDB verifies neither checksum nor end
 * of file: damage would silently change numbers or drop rows.
 * @throws {InputError} if it is damaged.
 */
export async function checkGzip(path: string): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
  } catch (cause) {
    throw new InputError(`${path}: expected an undamaged gzip file`, { cause });
  }
}
