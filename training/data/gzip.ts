/** Reading and checking of gzipped files. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { InputError } from '../../shared/errors.ts';
import { MAX_UNPACKED_BYTES, plausibleSize, type SizeInHeader } from './unpack.ts';

const MAGIC = 0x1f8b;

/**
 * Reads a file and unpacks it if its content is gzipped, whatever its name. Content whose header declares its size is
 * unpacked only up to that size.
 * @throws {InputError} if it is missing or damaged, or unpacks to more than it declares.
 */
export async function readMaybeGzipped(path: string, sizeInHeader?: SizeInHeader): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    if (bytes.length < 2 || bytes.readUInt16BE(0) !== MAGIC) return bytes;
    const limit = sizeInHeader ? plausibleSize(bytes, 'gzip', sizeInHeader, path) : MAX_UNPACKED_BYTES;
    return unpacked(bytes, limit, path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${path}: cannot be read`, { cause });
  }
}

function unpacked(bytes: Buffer, limit: number, path: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw cause;
    throw new InputError(`${path}: expected a gzip file of ${limit} bytes, received more; it is damaged`, {
      cause,
    });
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
