/**
 * A lock that permits one run at a time for each model: an object in the bucket, renewed while the run lives.
 * The store's clock decides when it has expired, so the clocks of the machines do not matter.
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { GateError } from '../../shared/errors.ts';
import { isAlive } from '../cli/isAlive.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { readText, replaceText, type StoredText } from '../store/text.ts';
import { retrainKeys } from './keys.ts';

const LockRecord = z.strictObject({
  /** Id of the run. */
  holder: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** Seconds after the last renewal at which the lock expires. */
  seconds: z.number().positive(),
  renewals: z.number().int().nonnegative(),
  released: z.boolean(),
});
type LockRecord = z.infer<typeof LockRecord>;

export interface RunLock {
  /** Aborted when the lock is lost, after which another run may begin. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Id of this run. */
  readonly holder: string;
  /** Seconds without renewal after which the lock expires. */
  readonly seconds: number;
  /** Seconds to wait for another run to end. */
  readonly wait: number;
  readonly print: (line: string) => void;
}

const POLL_MS = 500;

/** Acquires the lock of a model. @throws {GateError} if another run still holds it after the wait. */
export async function acquireLock(
  bucket: ModelBucket,
  model: string,
  { holder, seconds, wait, print }: LockOptions,
): Promise<RunLock> {
  const key = retrainKeys(model).lock;
  const own: LockRecord = {
    holder,
    host: hostname(),
    pid: process.pid,
    seconds,
    renewals: 0,
    released: false,
  };
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
        `${model}: ${who(inTheWay)} is in progress; wait for it with --wait, or until its lock expires, ${inTheWay.seconds} s after the last renewal`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** Describes the run that holds the lock; undefined if the lock is free. */
export async function lockHolder(bucket: ModelBucket, model: string): Promise<string | undefined> {
  const known = await readText(bucket, retrainKeys(model).lock);
  const current = known && parse(known.text);
  if (current === undefined || (await isFree(bucket, model, known!, current))) return undefined;
  return who(current);
}

function held(bucket: ModelBucket, key: string, own: LockRecord, first: string): RunLock {
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
        // The store may recover before the lock expires.
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
  bucket: ModelBucket,
  model: string,
  { uploaded }: StoredText,
  { released, host, pid, seconds }: LockRecord,
): Promise<boolean> {
  if (released || (host === hostname() && !isAlive(pid))) return true;
  const now = await storeTime(bucket, model);
  return now.getTime() - new Date(uploaded).getTime() > seconds * 1000;
}

/** Reads the store's clock: the upload time of an object that has just been written. */
async function storeTime(bucket: ModelBucket, model: string): Promise<Date> {
  const { clock } = retrainKeys(model);
  await bucket.put(clock, 'what time is it?');
  return new Date((await bucket.head(clock))!.uploaded);
}

/** Parses a lock. Undefined, and so free, if it is damaged. */
function parse(text: string): LockRecord | undefined {
  try {
    return LockRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function who({ holder, host, pid }: LockRecord): string {
  return `run ${holder} (process ${pid} on ${host})`;
}
