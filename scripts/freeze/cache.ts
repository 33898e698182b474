/** The folder of what freezing has made, `artifacts/frozen`: named by what it is made from, and pruned. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Kinds of entries, and how many of each are kept: those used last. Entries of other names are left over. */
const KEPT = { image: 16, model: 64 } as const;
type Kind = keyof typeof KEPT;
/** Entries that another process may be about to read are kept in any case. */
const GRACE_MS = 3600 * 1000;

/** Returns the folder of an entry, which now counts as used; undefined if there is none. */
export async function cached(folder: string, kind: Kind, key: string): Promise<string | undefined> {
  const path = join(folder, `${kind}-${key}`);
  if (!existsSync(path)) return undefined;
  const now = new Date();
  await utimes(path, now, now);
  return path;
}

/**
 * Has `write` fill the folder of an entry and returns its path. The folder has another name meanwhile, so that a
 * concurrent build sees all of the files or none. Then removes the entries that were not used for longest.
 */
export async function store(
  folder: string,
  kind: Kind,
  key: string,
  write: (partial: string) => Promise<void>,
): Promise<string> {
  const path = join(folder, `${kind}-${key}`);
  const partial = `${path}.${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  try {
    await write(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true });
    // A concurrent build may have been faster, and has written the same files.
    if (!existsSync(path)) throw error;
  }
  await prune(folder);
  return path;
}

export async function readJson<Value>(path: string): Promise<Value> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function prune(folder: string): Promise<void> {
  const entries = await Promise.all((await readdir(folder)).map((name) => entryOf(folder, name)));
  const last = entries.filter((entry) => entry !== undefined).toSorted((a, b) => b.used - a.used);
  const counts: Partial<Record<string, number>> = {};
  for (const { path, kind, used } of last) {
    const count = counts[kind] ?? 0;
    counts[kind] = count + 1;
    // A time far in the future is no reason to keep it: the clock was set back since.
    const isRecent = Math.abs(Date.now() - used) <= GRACE_MS;
    if (!isRecent && count >= (KEPT[kind as Kind] ?? 0)) await rm(path, { recursive: true, force: true });
  }
}

/** Undefined if another process has just removed it. */
async function entryOf(folder: string, name: string) {
  const path = join(folder, name);
  // Folders that are being written have a second ending.
  const kind = /^([a-z]+)-[0-9a-f]+$/.exec(name)?.[1] ?? '';
  const made = await stat(path).catch(() => undefined);
  return made && { path, kind, used: made.mtimeMs };
}
