/** Folders that a Worker is built in, `artifacts/.worker-*`: each is deleted with the run that made it. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../cli/isAlive.ts';

const PREFIX = '.worker-';
/**
 * Age at which a folder counts as left over if its run cannot be checked, for instance because it is on
 * another machine.
 */
const DAY_MS = 24 * 3600 * 1000;

export interface BuildFolder {
  readonly path: string;
  remove(): void;
}

/** Folders of this process. */
const own = new Set<string>();

/**
 * Creates a folder that is deleted by `remove`, or when the process ends. Also deletes folders that killed
 * runs have left behind.
 */
export async function makeBuildFolder(parent = 'artifacts'): Promise<BuildFolder> {
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}.${hostname()}-`));
  own.add(path);
  const remove = () => {
    own.delete(path);
    process.removeListener('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  // A signal ends the process before anything asynchronous can run.
  process.once('exit', remove);
  return { path, remove };
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (name.startsWith(PREFIX) && (await isLeftOver(name, path))) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function isLeftOver(name: string, path: string): Promise<boolean> {
  if (own.has(path)) return false;
  const [, pid, host] = /^\.worker-(\d+)\.(.+)-[^-]{6}$/.exec(name) ?? [];
  // After a container has restarted, a process may have the same number as a killed one.
  if (host === hostname()) return Number(pid) === process.pid || !isAlive(Number(pid));
  // Another run may delete it at the same time.
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Math.abs(Date.now() - made.mtimeMs) > DAY_MS;
}
