/**
 * Renewal of a lock until it is released. A thread of its own does it, since training and freezing keep the event
 * loop of a run busy for longer than a lock lasts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyError } from '../../shared/errors.ts';
import { startThread } from '../cli/thread.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { StoreFailure } from '../store/s3Errors.ts';
import { replaceText } from '../store/text.ts';
import type { LockRecord, RunLock } from './lockRecord.ts';

export interface HeldLock {
  readonly key: string;
  readonly record: LockRecord;
  /** Etag of the object as it was written last. */
  readonly etag: string;
}

export interface Renewer {
  /** Renews the lock. Returns false if another run has it. Rejects if the store fails. */
  renew(released: boolean): Promise<boolean>;
}

/** Renews by compare-and-swap: an expired lock that nobody has taken is held again. */
export function renewer(bucket: ModelBucket, { key, record, etag: first }: HeldLock): Renewer {
  let etag: string | undefined = first;
  let renewals = 0;
  let last: Promise<unknown> = Promise.resolve();
  const write = async (released: boolean): Promise<boolean> => {
    if (etag === undefined) return false;
    renewals++;
    etag = await replaceText(bucket, key, JSON.stringify({ ...record, renewals, released }), etag);
    return etag !== undefined;
  };
  return {
    renew: (released) => {
      const next = last.catch(() => undefined).then(() => write(released));
      last = next;
      return next;
    },
  };
}

/** Milliseconds for which a release is waited for: of a store that fails, the lock expires by itself. */
const RELEASE_MS = 10_000;
const UNREF = { ref: false } as const;

/** Milliseconds between two renewals. */
export const pauseOf = ({ seconds }: LockRecord) => (seconds * 1000) / 3;

/** Renews in this thread: for a bucket that only this process has, and that nobody can take a lock in. */
export function renewingHere(bucket: ModelBucket, held: HeldLock): RunLock {
  const { renew } = renewer(bucket, held);
  return runLock(
    held,
    renew,
    () => undefined,
    (renewed) => {
      const timer = setInterval(() => renewed(renew(false)), pauseOf(held.record)).unref();
      return () => clearInterval(timer);
    },
  );
}

/** A request to the thread. */
export type LockRequest = { readonly id: number; readonly released: boolean };
/** Its answers, and its own renewals, which have no id. */
export type LockAnswer = { readonly id?: number; readonly isHeld?: boolean; readonly error?: string };

/** Renews in a thread of its own, over the bucket's connection. */
export function renewingInThread({ connection }: ModelBucket, held: HeldLock): RunLock {
  const thread = startThread('scripts/retrain/lockThread', { connection, held });
  const waiting = new Map<number, (answer: LockAnswer) => void>();
  const failed = new Promise<never>((_, reject) => thread.once('error', reject));
  const renew = (released: boolean): Promise<boolean> => {
    const id = waiting.size + 1;
    // Otherwise the process would end although somebody waits.
    thread.ref();
    const answered = new Promise<LockAnswer>((resolve) => waiting.set(id, resolve));
    thread.postMessage({ id, released } satisfies LockRequest);
    return Promise.race([answered, failed])
      .then(resultOf)
      .finally(() => thread.unref());
  };
  return runLock(
    held,
    renew,
    () => thread.terminate(),
    (renewed, lose) => {
      thread.on('message', (answer: LockAnswer) => {
        if (answer.id === undefined) renewed(resultOf(answer));
        else waiting.get(answer.id)?.(answer);
      });
      failed.catch(lose);
      return () => undefined;
    },
  );
}

async function resultOf({ isHeld, error }: LockAnswer): Promise<boolean> {
  // Only a store that fails rejects; its class is lost on the way between threads.
  if (error !== undefined) throw new StoreFailure(error);
  return isHeld!;
}

function runLock(
  { key, record }: HeldLock,
  renew: (released: boolean) => Promise<boolean>,
  end: () => unknown,
  start: (renewed: (result: Promise<boolean>) => void, lose: (reason: unknown) => void) => () => void,
): RunLock {
  const lost = new AbortController();
  let heldAt = performance.now();
  const settle = async (result: Promise<boolean>): Promise<void> => {
    if (await result) heldAt = performance.now();
    else lost.abort(new BusyError(`the lock ${key} was taken over by another run`));
  };
  // A store that fails may recover: whether the lock is lost shows when it does.
  const stop = start(
    (result) => void settle(result).catch(() => undefined),
    (reason) => lost.abort(reason),
  );
  return {
    signal: lost.signal,
    confirm: async () => {
      lost.signal.throwIfAborted();
      if (performance.now() - heldAt > (record.seconds * 1000) / 2) await settle(renew(false));
      lost.signal.throwIfAborted();
    },
    release: async () => {
      stop();
      try {
        if (!lost.signal.aborted) await Promise.race([renew(true), sleep(RELEASE_MS, undefined, UNREF)]);
      } finally {
        end();
      }
    },
  };
}
