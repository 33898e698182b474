/** Durable file writes: a file is complete or absent, even after a crash. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError, StorageError } from '../shared/errors.ts';

/**
 * Checks that a folder can be created and written to, without creating it.
 * @throws {InputError} naming the file in its way or the read-only folder.
 */
export function requireWritable(folder: string): void {
  let existing = resolve(folder);
  while (!existsSync(existing)) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) {
    throw new InputError(`${folder}: expected a folder to write to, but ${existing} is a file`);
  }
  try {
    accessSync(existing, constants.W_OK);
  } catch (cause) {
    throw new InputError(`${folder}: expected a folder to write to, but ${existing} is read-only`, { cause });
  }
}

/**
 * Checks that the disk of a folder has room for a file, which nobody should learn after minutes of writing.
 * @param what The file, for instance `a copy of the training rows`.
 * @throws {StorageError} with the bytes needed and free.
 */
export function requireSpace(folder: string, bytes: number, what: string): void {
  const { bavail, bsize, blocks } = statfsSync(folder);
  const free = bavail * bsize;
  // Some file systems do not tell their size.
  if (blocks === 0 || bytes <= free) return;
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
  throw new StorageError(
    `${what} needs ${gigabytes(bytes)}, but the disk of ${folder} has only ${gigabytes(free)} free: free some space, or name a folder of another disk, for instance TMPDIR=/mnt/disk`,
  );
}

/** Reasons of the machine for which a write fails, by the code of the error. */
const STORAGE_FAILURES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, or write to another one',
  EDQUOT: 'the quota of the disk is used up: free some space, or write to another one',
  EFBIG: 'the file would become larger than this system or its limit (ulimit -f) allows',
  EROFS: 'the disk is read-only: write to another one',
};

/**
 * Returns an error that says why the machine could not write, naming the file if it is known; any other
 * error unchanged.
 */
export function asStorageError(error: unknown, path?: string): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  // Of a copy, `path` is the file that was read.
  const { code = '', path: read, dest: own = read } = error as NodeJS.ErrnoException & { dest?: string };
  const reason = Object.hasOwn(STORAGE_FAILURES, code) ? STORAGE_FAILURES[code] : undefined;
  if (reason === undefined) return error;
  return new StorageError(`${path ?? own ?? 'a file'} cannot be written: ${reason}`, { cause: error });
}

/**
 * Writes a new file and flushes its bytes to disk.
 * @throws {Error} if the file exists.
 * @throws {StorageError} if the disk is full, for instance.
 */
export async function writeFlushed(path: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } catch (error) {
    throw asStorageError(error, path);
  } finally {
    await file.close();
  }
}

/**
 * Replaces the file at `path` atomically: a reader sees the old content or the new content.
 * @throws {StorageError} if the disk is full, for instance; the old content stays then.
 */
export async function replaceFile(path: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await rm(partial, { force: true });
  try {
    await writeFlushed(partial, chunks);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  await flushDirectory(dirname(path));
}

/** Flushes a directory, so that the names in it are durable as well as the files' bytes. */
export async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
