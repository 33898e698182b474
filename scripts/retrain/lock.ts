/**
 * One run at a time for each model: an object in the bucket, renewed while the run lives. Whether one has expired is judged
 * by the store's own clock, so the clocks of the machines do not matter.
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { GateError } from '../../shared/errors.ts';
import type { VersionedBucket } from '../store/bucket.ts';
import { readText, replaceText, type StoredText } from '../store/text.ts';
import { retrainKeys } from './keys.ts';

const Holder = z.strictObject({
  holder: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** It is up if it was not renewed for so long. */
  seconds: z.number().positive(),
  renewals: z.number().int().nonnegative(),
  released: z.boolean(),
});
type Holder = z.infer<typeof Holder>;

export interface Lock {
  /** Aborted when the lock is lost: someone else may be at work. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Of this run. */
  readonly holder: string;
  readonly seconds: number;
  /** Seconds to wait for another run. */
  readonly wait: number;
  readonly print: (line: string) => void;
}

const POLL_MS = 500;

/** @throws {GateError} where another run has it, and still does after the wait. */
export async function acquireLock(
  bucket: VersionedBucket,
  model: string,
  { holder, seconds, wait, print }: LockOptions,
): Promise<Lock> {
  const key = retrainKeys(model).lock;
  const own: Holder = { holder, host: hostname(), pid: process.pid, seconds, renewals: 0, released: false };
  for (const started = performance.now(); ; ) {
    const known = await readText(bucket, key);
    const current = known && parse(known.text);
    const inTheWay = current && !(await isFree(bucket, model, known!, current)) ? current : undefined;
    if (inTheWay === undefined) {
      if (current && !current.released) print(`taking over the lock of ${who(current)}, which has ended`);
      const etag = await replaceText(bucket, key, JSON.stringify(own), known?.etag);
      if (etag !== undefined) return held(bucket, key, own, etag);
    } else if (performance.now() - started >= wait * 1000) {
      throw new GateError(
        `${model}: ${who(inTheWay)} is at work; wait for it with --wait, or until its lock expires, ${inTheWay.seconds} s after it was last renewed`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** Who has the lock now; undefined where nobody does. */
export async function lockHolder(bucket: VersionedBucket, model: string): Promise<string | undefined> {
  const known = await readText(bucket, retrainKeys(model).lock);
  const current = known && parse(known.text);
  if (current === undefined || (await isFree(bucket, model, known!, current))) return undefined;
  return who(current);
}

function held(bucket: VersionedBucket, key: string, own: Holder, first: string): Lock {
  const lost = new AbortController();
  let etag: string | undefined = first;
  let renewals = 0;
  let renewing = Promise.resolve();
  let renewedAt = performance.now();
  const write = async (released: boolean): Promise<void> => {
    if (etag === undefined) return;
    renewals++;
    etag = await replaceText(bucket, key, JSON.stringify({ ...own, renewals, released }), etag);
    if (etag === undefined) lost.abort(new GateError(`the lock ${key} was taken over by another run`));
    renewedAt = performance.now();
  };
  const renew = () => {
    renewing = renewing
      .then(() => write(false))
      .catch((cause: unknown) => {
        // The store may be back before the lock expires.
        if (performance.now() - renewedAt < own.seconds * 1000) return;
        lost.abort(new Error(`the lock ${key} could not be renewed in time`, { cause }));
      });
  };
  const timer = setInterval(renew, (own.seconds * 1000) / 3).unref();
  return {
    signal: lost.signal,
    release: async () => {
      clearInterval(timer);
      await renewing;
      await write(true);
    },
  };
}

async function isFree(
  bucket: VersionedBucket,
  model: string,
  { uploaded }: StoredText,
  { released, host, pid, seconds }: Holder,
): Promise<boolean> {
  if (released || (host === hostname() && !isAlive(pid))) return true;
  const now = await storeTime(bucket, model);
  return now.getTime() - new Date(uploaded).getTime() > seconds * 1000;
}

/** When the store says that it is: what has just been written was uploaded now. */
async function storeTime(bucket: VersionedBucket, model: string): Promise<Date> {
  const { clock } = retrainKeys(model);
  await bucket.put(clock, 'what time is it?');
  return new Date((await bucket.head(clock))!.uploaded);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What cannot be read is nobody's. */
function parse(text: string): Holder | undefined {
  try {
    return Holder.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function who({ holder, host, pid }: Holder): string {
  return `run ${holder} (process ${pid} on ${host})`;
}
