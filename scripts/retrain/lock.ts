/**
 * A lock that permits one run at a time for each model: an object in the bucket, renewed while the run lives.
 * The store's clock decides when it has expired, so the clocks of the machines do not matter; nor do their
 * names and process numbers, which containers share.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyError, StorageError } from '../../shared/errors.ts';
import { type WaitingProgress, waitingProgress } from '../cli/progress.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { readText, replaceText, type StoredText } from '../store/text.ts';
import { retrainKeys } from './keys.ts';
import { LockRecord, type RunLock } from './lockRecord.ts';
import { renewingHere, renewingInThread } from './lockRenewal.ts';

export interface LockOptions {
  /** Id of this run. */
  readonly holder: string;
  /** Seconds without renewal after which the lock expires. */
  readonly seconds: number;
  /** Seconds to wait for another run to end. */
  readonly wait: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  readonly print: (line: string) => void;
}

const POLL_MS = 1000;
/** Seconds by which a lock may seem to last longer than it can: a store tells its time in whole seconds. */
const COARSE = 2;

/** Acquires the lock of a model. @throws {BusyError} if another run still holds it after the wait. */
export async function acquireLock(
  bucket: ModelBucket,
  model: string,
  { holder, seconds, wait, signal, print }: LockOptions,
): Promise<RunLock> {
  const key = retrainKeys(model).lock;
  const own: LockRecord = {
    ...{ holder, token: randomBytes(8).toString('hex') },
    ...{ host: hostname(), pid: process.pid, seconds, renewals: 0, released: false },
  };
  const isSilent = silence();
  const started = performance.now();
  let progress: WaitingProgress | undefined;
  try {
    for (;;) {
      const known = await readText(bucket, key);
      const current = known && parse(known.text);
      const left = current && (await secondsLeft(known!, current, () => storeTime(bucket, model)));
      const isAhead = left !== undefined && left > current!.seconds + COARSE;
      const isFree = left === undefined || left <= 0 || (isAhead && isSilent(known!.etag, current!.seconds));
      if (isFree) {
        if (known && current === undefined) print(takenOver(key));
        if (current && !current.released) print(`taking over the lock of ${who(current)}, which has expired`);
        const etag = await replaceText(bucket, key, JSON.stringify(own), known?.etag);
        if (etag !== undefined) {
          const renewing = bucket.connection === undefined ? renewingHere : renewingInThread;
          return renewing(bucket, { key, record: own, etag });
        }
      } else if (!isAhead && performance.now() - started >= wait * 1000) {
        throw new BusyError(
          `${model}: ${who(current!)} is in progress, or was killed: ${expiry(current!, left)}`,
        );
      } else if (progress === undefined) {
        const most = isAhead ? current!.seconds : wait;
        print(`waiting up to ${most} s for ${who(current!)}: ${expiry(current!, left)}`);
        progress = waitingProgress(`waiting up to ${most} s for ${who(current!)}`, print, true);
      }
      await sleep(POLL_MS);
      signal?.throwIfAborted();
    }
  } finally {
    progress?.stop();
  }
}

/**
 * Watches a lock that was renewed in the future, which means that the store's clock was put back: it may last for hours by
 * that clock. Returns a function that is true once the same lock was seen for as long as it lasts.
 */
function silence(): (etag: string, seconds: number) => boolean {
  let seen = { etag: '', at: 0 };
  return (etag, seconds) => {
    if (seen.etag !== etag) seen = { etag, at: performance.now() };
    return performance.now() - seen.at > seconds * 1000;
  };
}

/** Describes the run that holds the lock, and until when; undefined if the lock is free. */
export async function lockHolder(bucket: ModelBucket, model: string): Promise<string | undefined> {
  const known = await readText(bucket, retrainKeys(model).lock);
  const current = known && parse(known.text);
  const time = () =>
    storeTime(bucket, model).catch((error: unknown) => {
      // A full disk takes no object; for a look at the lock, the clock of this machine will do.
      if (error instanceof StorageError) return new Date();
      throw error;
    });
  const left = current === undefined ? 0 : await secondsLeft(known!, current, time);
  return left <= 0 ? undefined : `${who(current!)}, or it was killed: ${expiry(current!, left)}`;
}

/** Says that the lock of a model is damaged; undefined if it is whole, or there is none. */
export async function lockDamage(bucket: ModelBucket, model: string): Promise<string | undefined> {
  const key = retrainKeys(model).lock;
  const known = await readText(bucket, key);
  return known !== undefined && parse(known.text) === undefined ? takenOver(key) : undefined;
}

function takenOver(key: string): string {
  return `${key} is damaged, which counts as free: a run takes it over`;
}

/** Returns the seconds until a lock expires; 0 or less if it is free. */
async function secondsLeft(
  { uploaded }: StoredText,
  { released, seconds }: LockRecord,
  time: () => Promise<Date>,
): Promise<number> {
  if (released) return 0;
  const now = await time();
  return seconds - (now.getTime() - new Date(uploaded).getTime()) / 1000;
}

/** Reads the store's clock: the upload time of an object that has just been written. */
async function storeTime(bucket: ModelBucket, model: string): Promise<Date> {
  const clock = retrainKeys(model).clock(randomBytes(8).toString('hex'));
  await bucket.put(clock, 'what time is it?');
  const { uploaded } = (await bucket.head(clock))!;
  await bucket.delete(clock);
  return new Date(uploaded);
}

/** Parses a lock. Undefined, and so free, if it is damaged. */
function parse(text: string): LockRecord | undefined {
  try {
    return LockRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Tells when a lock expires, and whether its process still runs, as far as that can be seen from here. */
function expiry({ host, pid, seconds }: LockRecord, left: number): string {
  const gone = host === hostname() && !isRunning(pid) ? `no process ${pid} runs on this machine, and ` : '';
  if (left > seconds + COARSE)
    return `${gone}its lock is from ${Math.round(left - seconds)} s in the future, as a clock was put back: the next run takes it over once it was not renewed for ${seconds} s`;
  return `${gone}its lock expires in ${Math.ceil(left)} s unless it is renewed`;
}

/** A signal of 0 only asks whether the process exists. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function who({ holder, host, pid }: LockRecord): string {
  return `run ${holder} (process ${pid} on ${host})`;
}
