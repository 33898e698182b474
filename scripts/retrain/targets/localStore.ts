/** The bucket of this machine, by whatever Worker has it, as it is, or as a copy. */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { BusyError, StorageError } from '../../../shared/errors.ts';
import { asStorageError } from '../../../training/files.ts';
import { commandLine } from '../../cli/places.ts';
import { waitingProgress } from '../../cli/progress.ts';
import type { ModelBucket } from '../../store/bucket.ts';
import { s3Bucket } from '../../store/s3.ts';
import { copyBucket, MEMORY } from '../../worker/bucketCopy.ts';
import { BUCKET_FOLDER } from '../../worker/bucketFolder.ts';
import { ownBucket, ownerText, waiting } from '../../worker/bucketOwner.ts';
import { configuredRuntime, type RuntimeName } from '../../worker/runtimes.ts';
import { announceServing, findServing } from '../../worker/serving.ts';
import { reserveNotes } from '../unrecorded.ts';
import { WorkerError } from './requireWorker.ts';

/** Seconds for which a store on this machine is asked again: one that was stopped does not come back by itself. */
const PATIENCE = 10;
/** Seconds after which a command that only reads no longer waits for another process. */
export const READ_WAIT = 5;
/** Milliseconds after which a command says whom it waits for. */
const SILENT_MS = 1000;

const STARTING = 'starting a Worker on the bucket of this machine';

/** Returns the runtime of a Worker that is started here: it runs any model from the bucket. */
async function ownRuntime(): Promise<RuntimeName> {
  return (await configuredRuntime()) === 'dynamic' ? 'dynamic' : 'stock';
}

export interface LocalStore {
  /** URL of the Worker; undefined if none is running. */
  readonly url: string | undefined;
  /** The key of that Worker. */
  readonly key: string | undefined;
  /** The runtime of that Worker. */
  readonly runtime: string | undefined;
  readonly bucket: ModelBucket;
  /** Opens the bucket of logged rows. */
  readonly rows: () => Promise<ModelBucket>;
  /** Opens a copy to read, if the process that has the bucket does not answer any more. */
  readonly copy?: () => Promise<LocalStore>;
  /** The folder of the bucket, if it does not exist. */
  readonly missing?: string;
  close(): Promise<void>;
}

/** A run waits for another run, whose Worker would end before its own; other commands share its bucket. */
export async function localStore({
  serves,
  reads = false,
  makes = !reads,
  print,
}: LocalStoreOptions): Promise<LocalStore> {
  if (!makes && !existsSync(BUCKET_FOLDER) && (await findServing()) === undefined)
    return { ...(await copied()), missing: BUCKET_FOLDER };
  let owned: Awaited<ReturnType<typeof ownBucket<LocalStore>>>;
  try {
    const seconds = reads ? READ_WAIT : undefined;
    owned = await ownBucket(print, (signal) => running({ serves, reads, print, seconds, signal }), seconds);
  } catch (error) {
    const isBusy = error instanceof BusyError;
    if (!reads || !(isBusy || error instanceof StorageError)) throw error;
    print(`warning: ${error.message}; ${isBusy ? 'this command reads a copy of it' : UNTIL_MENDED}`);
    return copied();
  }
  // If the disk has no room even for these, whatever needs it reports that.
  if (!reads) await reserveNotes().catch(() => undefined);
  if ('found' in owned) return owned.found;
  const { release } = owned;
  try {
    const store = await (serves ? started(print) : reads ? readable(print) : unserved());
    return { ...store, close: () => store.close().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

export interface LocalStoreOptions {
  /** True if a Worker is needed. */
  readonly serves: boolean;
  /** True if nothing is written: where nothing can be, or behind a process that does not answer, a copy is read then. */
  readonly reads?: boolean;
  /** True if a bucket that does not exist is made. Default: unless it is only read. */
  readonly makes?: boolean;
  readonly print: (line: string) => void;
}

const UNTIL_MENDED = 'runs fail until that is mended';

interface Waiting {
  readonly serves: boolean;
  readonly reads: boolean;
  readonly print: (line: string) => void;
  /** Longest wait, which the signal ends. */
  readonly seconds: number | undefined;
  readonly signal: AbortSignal | undefined;
}

async function running({ serves, reads, print, seconds, signal }: Waiting): Promise<LocalStore | undefined> {
  const tell = once(async () => {
    const owner = (await ownerText()) ?? 'a process';
    print(`${waiting(seconds)} for an answer of ${owner}, which serves artifacts/.bucket`);
  });
  // Its thread may be busy with training.
  const told = setTimeout(tell, SILENT_MS);
  const serving = await findServing(undefined, signal).finally(() => clearTimeout(told));
  if (serving === undefined || (serves && serving.kind === 'run')) return undefined;
  if (serves && serving.runtime === 'frozen') {
    throw new WorkerError(
      `the Worker at ${serving.url} runs only the models that it was built with: expected one that loads others, such as that of "${commandLine('serve')} --runtime stock", or none; once it is stopped, this command starts one for itself`,
    );
  }
  const access = {
    ...{ secretAccessKey: 'local', patience: PATIENCE, print },
    ifSilent:
      'the process that served artifacts/.bucket when this command began has ended, or hangs: start it again, or run again without it',
    // There is a copy to read instead.
    ...(reads && { patience: 0, answerWithin: READ_WAIT }),
  };
  const bucket = s3Bucket({ ...serving.bucket, ...access });
  return {
    url: serving.url,
    key: serving.key,
    runtime: serving.runtime,
    bucket: reads ? telling(bucket, tell) : bucket,
    rows: async () => s3Bucket({ ...serving.rows, ...access }),
    copy: () => unanswered(print),
    close: async () => {},
  };
}

/** A copy, in place of the store of a process that has answered, and then does no longer. */
async function unanswered(print: (line: string) => void): Promise<LocalStore> {
  const owner = await ownerText();
  const state =
    owner === undefined
      ? 'the process that served artifacts/.bucket has ended'
      : `${owner} serves artifacts/.bucket, and does not answer`;
  print(`warning: ${state}; this command reads a copy of it`);
  return copied();
}

/** A bucket whose calls tell that they take long. */
function telling(bucket: ModelBucket, tell: () => void): ModelBucket {
  return new Proxy(bucket, {
    get: (own, name) => {
      const member: unknown = Reflect.get(own, name);
      if (typeof member !== 'function') return member;
      return async (...values: unknown[]) => {
        const timer = setTimeout(tell, SILENT_MS);
        try {
          return (await member.apply(own, values)) as unknown;
        } finally {
          clearTimeout(timer);
        }
      };
    },
  });
}

function once(call: () => Promise<void>): () => void {
  let isDone = false;
  return () => {
    if (!isDone) void call();
    isDone = true;
  };
}

async function unserved(folder?: string): Promise<LocalStore> {
  const { localBuckets } = await import('../../worker/localBuckets.ts');
  return { url: undefined, key: undefined, runtime: undefined, ...(await localBuckets(folder)) };
}

/** Opens the bucket to read it, also where the folder for temporary files, which Miniflare needs, takes no writes. */
async function readable(print: (line: string) => void): Promise<LocalStore> {
  try {
    return await unserved();
  } catch (thrown) {
    const error = asStorageError(thrown);
    if (!(error instanceof StorageError) || !existsSync(MEMORY)) throw error;
    print(`warning: ${error.message}; ${UNTIL_MENDED}`);
    process.env.TMPDIR = MEMORY;
    return unserved();
  }
}

async function copied(): Promise<LocalStore> {
  const { folder, remove } = await copyBucket(BUCKET_FOLDER);
  // Miniflare has temporary files, too, and they need a disk that takes them.
  process.env.TMPDIR = dirname(folder);
  try {
    const store = await unserved(folder);
    return { ...store, close: () => store.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function started(print: (line: string) => void): Promise<LocalStore> {
  const runtime = await ownRuntime();
  print(STARTING);
  const progress = waitingProgress(STARTING, print, true);
  // What builds a Worker takes long to load: it is told first what is going on.
  const worker = await import('../../worker/local.ts')
    .then(({ serveLocally }) =>
      serveLocally([], {
        ...{ bucketFolder: BUCKET_FOLDER, runtime },
        // Its log would only repeat the requests of this run.
        log: () => undefined,
      }),
    )
    .finally(progress.stop);
  const { url, key, dispose } = worker;
  const conceal = await announceServing(worker, runtime, 'run');
  return {
    ...{ url: url.href, key, runtime, bucket: await worker.bucket() },
    rows: () => worker.bucket('ROWS'),
    close: () => conceal().finally(dispose),
  };
}
