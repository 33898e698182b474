/**
 * A copy of the local bucket, to read where nothing can be written, or while the process that has the bucket does not
 * answer: SQLite writes next to a database even to read it, and that is just when somebody wants to know what is in
 * force.
 */
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyError, StorageError } from '../../shared/errors.ts';

/** Memory, on Linux: the folder of temporary files is often on the disk that is full. */
export const MEMORY = '/dev/shm';
/** Databases and what was written to them last, without their indices in memory. */
const DATABASE = /\.sqlite(-wal)?$/;
const INDEX = /\.sqlite-shm$/;

/** Bytes up to which objects are copied, too: their owner may replace, and so delete, what is not a model. */
const SMALL = 65_536;
/** Attempts to copy a bucket that others write to, and the pause between them. */
const ATTEMPTS = 50;
/** Longer than the clock of a file system takes for a step, after which another write shows in a file's time. */
const PAUSE_MS = 20;

/**
 * Copies the databases of a bucket and its small objects, and links to the others.
 * @throws {StorageError} if there is no room for them either.
 * @throws {BusyError} if the bucket is written to all the time.
 */
export async function copyBucket(folder: string): Promise<{ folder: string; remove: () => Promise<void> }> {
  const places = [tmpdir(), MEMORY].filter((place) => existsSync(place));
  const failures: unknown[] = [];
  for (const place of places) {
    let copy: string | undefined;
    try {
      copy = await mkdtemp(join(place, 'latentedge-bucket-'));
      await copied(folder, copy);
      return { folder: copy, remove: () => rm(copy!, { recursive: true, force: true }) };
    } catch (error) {
      if (copy !== undefined) await rm(copy, { recursive: true, force: true });
      if (error instanceof BusyError) throw error;
      failures.push(error);
    }
  }
  throw new StorageError(
    `${folder} cannot be copied to be read, as ${places.join(' and ')} cannot be written: free some space, or name a folder of another disk, for instance TMPDIR=/mnt/disk`,
    { cause: failures[0] },
  );
}

/** Copies until nothing was written meanwhile, so that databases, logs and objects belong together. */
async function copied(folder: string, copy: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await stateOf(folder);
    await sleep(PAUSE_MS);
    const failure = await linked(folder, copy).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    if ((await stateOf(folder)) === before) {
      if (failure !== undefined) throw failure;
      return;
    }
    await rm(copy, { recursive: true });
    await mkdir(copy, { mode: 0o700 });
  }
  throw new BusyError(
    `${folder} cannot be copied to be read, as it is written to all the time: ask again later`,
  );
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isFile() && !INDEX.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Names, sizes and times of the databases: what changes with each write. */
async function stateOf(folder: string): Promise<string> {
  const files = (await filesIn(folder)).filter((path) => DATABASE.test(path));
  const states = files.map(async (path) => {
    // A log is deleted with the last connection.
    const known = await stat(path, { bigint: true }).catch(() => undefined);
    return `${path} ${known?.size} ${known?.mtimeNs}`;
  });
  return (await Promise.all(states)).toSorted().join('\n');
}

async function linked(folder: string, copy: string): Promise<void> {
  for (const from of await filesIn(folder)) {
    const to = join(copy, relative(folder, from));
    await mkdir(dirname(to), { recursive: true });
    const isCopied = DATABASE.test(from) || (await stat(from)).size <= SMALL;
    if (isCopied) await copyFile(from, to, constants.COPYFILE_FICLONE);
    else await symlink(resolve(from), to);
  }
}
