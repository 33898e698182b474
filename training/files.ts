/** Files that are there whole or not at all, also after a crash. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../shared/errors.ts';

/**
 * Finds out, without making it, whether a folder can be made and written to.
 * @throws {InputError} naming the file in its way, or the folder that may not be written to.
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
 * Writes a new file and flushes its bytes to disk.
 * @throws {Error} when there is a file of this name.
 */
export async function writeFlushed(path: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a flushed file in the place of what is at `path`: a reader sees the old one or the new one. */
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

/** Makes names in a directory durable, not only the bytes behind them. */
export async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
