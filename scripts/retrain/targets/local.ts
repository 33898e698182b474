/** This machine: the bucket in artifacts/.bucket, and the Worker that serves from it. */

import { InputError } from '../../../shared/errors.ts';
import { commandLine } from '../../cli/places.ts';
import type { ModelBucket } from '../../store/bucket.ts';
import { dryBucket } from '../../store/dryBucket.ts';
import { s3Bucket } from '../../store/s3.ts';
import { ownBucket } from '../../worker/bucketOwner.ts';
import { BUCKET_FOLDER, localBuckets, serveLocally } from '../../worker/local.ts';
import { configuredRuntime, type RuntimeName } from '../../worker/runtimes.ts';
import { announceServing, findServing } from '../../worker/serving.ts';
import { isServed } from '../keys.ts';
import { liveWorker, NOWHERE } from '../live.ts';
import { aliasRelease } from '../release/aliases.ts';
import { dryWorker } from './dryWorker.ts';
import type { Target, TargetOptions } from './target.ts';

/** Seconds for which a store on this machine is asked again: one that was stopped does not come back by itself. */
const PATIENCE = 10;

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
  close(): Promise<void>;
}

/**
 * Uses `npm run serve` if it is running; otherwise, if a Worker is needed, starts one for the lifetime of the
 * process.
 */
export async function localTarget({
  url,
  dryRun,
  answersFrom,
  serves,
  print,
}: TargetOptions): Promise<Target> {
  if (answersFrom === 'analytics')
    throw new InputError(
      '--answers-from analytics: expected --target cloudflare, which has Analytics Engine',
    );
  const local = await localStore(serves, print);
  const address = url ?? local.url;
  const live = liveWorker(
    address ?? NOWHERE,
    process.env.LATENTEDGE_API_KEY ?? (url ? undefined : local.key),
  );
  if (address !== undefined) print(`serving: ${address}`);
  const bucket = dryRun ? dryBucket(local.bucket, print, isServed) : local.bucket;
  const worker = dryRun ? dryWorker(live, print) : live;
  return {
    name: 'local',
    bucket,
    rows: local.rows,
    live: worker,
    release: aliasRelease(address === undefined ? undefined : worker),
    hasIsolates: local.runtime === 'dynamic',
    close: local.close,
  };
}

/** A run waits for another run, whose Worker would end before its own; other commands share its bucket. */
export async function localStore(serves: boolean, print: (line: string) => void): Promise<LocalStore> {
  const owned = await ownBucket(print, () => running(serves, print));
  if ('found' in owned) return owned.found;
  try {
    const store = await (serves ? started() : unserved());
    return { ...store, close: () => store.close().finally(owned.release) };
  } catch (error) {
    owned.release();
    throw error;
  }
}

async function running(serves: boolean, print: (line: string) => void): Promise<LocalStore | undefined> {
  const serving = await findServing();
  if (serving === undefined || (serves && serving.kind === 'run')) return undefined;
  if (serves && serving.runtime === 'frozen') {
    throw new InputError(
      `the Worker at ${serving.url} runs only the models that it was built with: expected one that loads others, or none`,
      {
        next: `stop it, and run again: this command then starts a Worker for itself, or finds that of ${commandLine('serve')} --runtime stock`,
      },
    );
  }
  const access = { secretAccessKey: 'local', patience: PATIENCE, print };
  return {
    url: serving.url,
    key: serving.key,
    runtime: serving.runtime,
    bucket: s3Bucket({ ...serving.bucket, ...access }),
    rows: async () => s3Bucket({ ...serving.rows, ...access }),
    close: async () => {},
  };
}

async function unserved(): Promise<LocalStore> {
  return { url: undefined, key: undefined, runtime: undefined, ...(await localBuckets()) };
}

async function started(): Promise<LocalStore> {
  const runtime = await ownRuntime();
  const worker = await serveLocally([], {
    ...{ bucketFolder: BUCKET_FOLDER, runtime },
    // Its log would only repeat the requests of this run.
    log: () => undefined,
  });
  const { url, key, dispose } = worker;
  const conceal = await announceServing(worker, runtime, 'run');
  return {
    ...{ url: url.href, key, runtime, bucket: await worker.bucket() },
    rows: () => worker.bucket('ROWS'),
    close: () => conceal().finally(dispose),
  };
}
