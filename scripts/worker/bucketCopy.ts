/**
 * A copy of the local bucket, to read where nothing can be written: SQLite writes next to a database even to read it, and
 * a full disk is just when somebody wants to know what is in force.
 */
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { StorageError } from '../../shared/errors.ts';

/** Memory, on Linux: the folder of temporary files is often on the disk that is full. */
const MEMORY = '/dev/shm';
/** Databases and what was written to them last, without their indices in memory. */
const DATABASE = /\.sqlite(-wal)?$/;
const INDEX = /\.sqlite-shm$/;

/**
 * Copies the databases of a bucket, and links to its objects. Nobody may write to the bucket meanwhile.
 * @throws {StorageError} if there is no room for them either.
 */
export async function copyBucket(folder: string): Promise<{ folder: string; remove: () => Promise<void> }> {
  const places = [tmpdir(), MEMORY].filter((place) => existsSync(place));
  const failures: unknown[] = [];
  for (const place of places) {
    let copy: string | undefined;
    try {
      copy = await mkdtemp(join(place, 'latentedge-bucket-'));
      await linked(folder, copy);
      return { folder: copy, remove: () => rm(copy!, { recursive: true, force: true }) };
    } catch (error) {
      failures.push(error);
      if (copy !== undefined) await rm(copy, { recursive: true, force: true });
    }
  }
  throw new StorageError(
    `${folder} cannot be read, as its disk takes no writes, and ${places.join(' and ')} no copy: free some space, or name a folder of another disk, for instance TMPDIR=/mnt/disk`,
    { cause: failures[0] },
  );
}

async function linked(folder: string, copy: string): Promise<void> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  for (const entry of entries.filter((each) => each.isFile() && !INDEX.test(each.name))) {
    const from = join(entry.parentPath ?? entry.path, entry.name);
    const to = join(copy, relative(folder, from));
    await mkdir(dirname(to), { recursive: true });
    if (DATABASE.test(entry.name)) await copyFile(from, to, constants.COPYFILE_FICLONE);
    else await symlink(resolve(from), to);
  }
}
