/** Files that are there whole or not at all, also after a crash. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

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
