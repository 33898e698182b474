/** Copies of files that DuckDB cannot read as they are: pipes, byte order marks, mixed line ends. */
import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { asStorageError } from '../files.ts';

/** Returns true for a named pipe, a process substitution or /dev/stdin, which can be read only once. */
export function isPipe(path: string): boolean {
  if (!existsSync(path)) return false;
  const stats = statSync(path);
  return stats.isFIFO() || stats.isCharacterDevice() || stats.isSocket();
}

/**
 * Runs `work` on a copy of a pipe's content, whose extension is that of its format: Parquet, JSON or, by
 * default, CSV.
 */
export function withPipeContent<T>(path: string, work: (copy: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const copy = join(folder, 'content');
    await unblockedAtExit(path, () => pipeline(createReadStream(path), createWriteStream(copy)));
    const named = `${copy}${await extensionOf(copy)}`;
    await pipeline(createReadStream(copy), createWriteStream(named));
    return namingOriginal(path, named, work);
  });
}

/**
 * Runs `work`, which reads a pipe. A read that waits for the pipe's writer would keep the process from ending:
 * at its end, this becomes a writer itself for a moment.
 */
async function unblockedAtExit<T>(path: string, work: () => Promise<T>): Promise<T> {
  const unblock = () => {
    try {
      const pipe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(pipe, '\n');
      closeSync(pipe);
    } catch (error) {
      // Nobody reads it any more, or it is a device or a socket.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  };
  process.once('exit', unblock);
  try {
    return await work();
  } finally {
    process.removeListener('exit', unblock);
  }
}

/**
 * Runs `work` on a copy of a file with `change` applied to its text, or on the file itself if that changes
 * nothing.
 */
export async function withChangedText<T>(
  path: string,
  change: (text: string) => string,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  if (changed === text) return work(path);
  return withFolder(async (folder) => {
    const copy = join(folder, basename(path));
    await writeFile(copy, changed);
    return namingOriginal(path, copy, work);
  });
}

/** Runs `work` on the copy; its errors name the file of the user, which is still there. */
async function namingOriginal<T>(path: string, copy: string, work: (copy: string) => Promise<T>): Promise<T> {
  try {
    return await work(copy);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replaceAll(copy, path);
    throw error;
  }
}

/** Returns true if a file begins with UTF-8's byte order mark. */
export async function hasByteOrderMark(path: string): Promise<boolean> {
  return (await firstBytes(path, 3)).equals(Buffer.from([0xef, 0xbb, 0xbf]));
}

async function extensionOf(path: string): Promise<string> {
  const start = await firstBytes(path, 64);
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return '.parquet';
  if (start.readUInt16BE(0) === 0x1f8b) return '.csv.gz';
  return /^\ufeff?\s*[[{]/.test(start.toString('utf8')) ? '.json' : '.csv';
}

/** Returns the first bytes of a file; zeros beyond its end. */
async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(count);
    await file.read(bytes, 0, count, 0);
    return bytes;
  } finally {
    await file.close();
  }
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-data-'));
  try {
    return await work(folder);
  } catch (error) {
    throw asStorageError(error, `a copy in ${folder}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
