/** The folder for temporary files, which Miniflare and workerd write to even to read a bucket. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asStorageError } from '../../training/files.ts';

/** Bytes that are tried: more than the databases that workerd begins with. */
const ROOM = 512 * 1024;

/**
 * Tries the folder: workerd would end with a stack trace, and its caller wait for it.
 * @throws {StorageError} naming the folder, if it is full, for instance.
 */
export function requireTemporaryFiles(): void {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'latentedge-room-'));
    writeFileSync(join(folder, 'room'), new Uint8Array(ROOM));
  } catch (error) {
    throw asStorageError(error, `${tmpdir()}, the folder for temporary files (TMPDIR),`);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
