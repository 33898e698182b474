/**
 * The local bucket belongs to one process at a time: two workerds on one folder fail each other's writes. A file next
 * to it names the owner; others use the bucket through the owner, or wait for it to end.
 */
import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { BusyError, StorageError } from '../../shared/errors.ts';
import { asStorageError } from '../../training/files.ts';
import { isAlive } from '../cli/isAlive.ts';
import { type WaitingProgress, waitingProgress } from '../cli/progress.ts';

const FILE = join('artifacts', '.bucket.owner.json');

const Owner = z.strictObject({ pid: z.number().int(), host: z.string(), command: z.string() });
type Owner = z.infer<typeof Owner>;

const POLL_MS = 300;
const BEAT_MS = 20_000;
/** Age at which an owner on another machine, which cannot be asked, counts as ended. */
const SILENT_MS = 5 * 60_000;
/** Age at which a file without an owner was left by a process that was killed while it wrote. */
const WRITING_MS = 3000;

/**
 * Waits until no other process has the local bucket, and takes it. Returns a function that gives it back; it is given
 * back when this process ends, too.
 * @param instead Asked while another process has it; a result that is not undefined ends the wait. Its signal is aborted
 *   when the wait is over.
 * @param seconds Longest wait. Default: no limit.
 * @throws {BusyError} if another process still has it then.
 */
export async function ownBucket<Result>(
  print: (line: string) => void,
  instead: (signal: AbortSignal | undefined) => Promise<Result | undefined>,
  seconds?: number,
): Promise<{ readonly release: () => void } | { readonly found: Result }> {
  await mkdir(dirname(FILE), { recursive: true }).catch(throwUnwritable);
  const own: Owner = { pid: process.pid, host: hostname(), command: process.argv.slice(1, 3).join(' ') };
  const signal = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  let progress: WaitingProgress | undefined;
  try {
    for (;;) {
      const found = await instead(signal);
      if (found !== undefined) return { found };
      if (await written(own)) return { release: beating() };
      const other = await owner();
      if (other === undefined) continue;
      if (signal?.aborted)
        throw new BusyError(`${textOf(other)} uses artifacts/.bucket, and has not answered for ${seconds} s`);
      if (progress === undefined) {
        const line = `${waiting(seconds)} for ${textOf(other)}, which uses artifacts/.bucket`;
        print(line);
        progress = waitingProgress(line, print, true);
      }
      await sleep(POLL_MS);
    }
  } finally {
    progress?.stop();
  }
}

export function waiting(seconds: number | undefined): string {
  return seconds === undefined ? 'waiting' : `waiting up to ${seconds} s`;
}

/** Describes the process that has the local bucket; undefined if none has. */
export async function ownerText(): Promise<string | undefined> {
  const other = await owner();
  return other && textOf(other);
}

function textOf({ pid, host, command }: Owner): string {
  const where = host === hostname() || host === '' ? '' : ` on ${host}`;
  return `process ${pid}${where} (${command})`;
}

async function written(own: Owner): Promise<boolean> {
  try {
    await writeFile(FILE, JSON.stringify(own), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // On a full disk, an empty file is left, which everybody would wait for.
    await rm(FILE, { force: true }).catch(() => undefined);
    throw unwritable(error);
  }
}

function throwUnwritable(error: unknown): never {
  throw unwritable(error);
}

/** Says why nothing can be written next to the bucket; any other error unchanged. */
function unwritable(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return asStorageError(error, FILE);
  return new StorageError(
    `${FILE} cannot be written: the user ${userInfo().username} may not: run this as the user who owns ${dirname(FILE)}`,
    { cause: error },
  );
}

/** Returns the owner; undefined, after the file is deleted, if it has ended. */
async function owner(): Promise<Owner | undefined> {
  const [text, info] = await Promise.all([
    readFile(FILE, 'utf8').catch(() => undefined),
    stat(FILE).catch(() => undefined),
  ]);
  if (text === undefined || info === undefined) return undefined;
  const age = Math.abs(Date.now() - info.mtimeMs);
  // A file that is being written is empty for a moment.
  const { data } = Owner.safeParse(parsed(text));
  const silent = data === undefined ? WRITING_MS : SILENT_MS;
  const lives = data?.host === hostname() ? data.pid !== process.pid && isAlive(data.pid) : age < silent;
  if (lives) return data ?? { pid: 0, host: '', command: 'starting' };
  await rm(FILE, { force: true }).catch(throwUnwritable);
  return undefined;
}

/** Parses JSON; undefined if it is damaged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function beating(): () => void {
  const beat = setInterval(() => {
    const now = new Date();
    // Deleted by someone who thought that this process had ended.
    utimes(FILE, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  const release = () => {
    clearInterval(beat);
    process.removeListener('exit', release);
    rmSync(FILE, { force: true });
  };
  process.once('exit', release);
  return release;
}
