/** This machine: the bucket in artifacts/.bucket, and the Worker that serves from it. */

import { InputError } from '../../../shared/errors.ts';
import type { VersionedBucket } from '../../store/bucket.ts';
import { dryBucket } from '../../store/dry.ts';
import { s3Bucket } from '../../store/s3.ts';
import { BUCKET_FOLDER, localBucket, serveLocally } from '../../worker/local.ts';
import type { RuntimeName } from '../../worker/runtimes.ts';
import { findServing } from '../../worker/serving.ts';
import { liveWorker, NOWHERE } from '../live.ts';
import { aliasRelease } from '../release/aliases.ts';
import { dryLive } from './dry.ts';
import type { Target, TargetOptions } from './target.ts';

/** Runs any model; the models are those of the bucket. */
const RUNTIME: RuntimeName = 'stock';

interface Local {
  /** Undefined where no Worker is running. */
  readonly url: string | undefined;
  readonly bucket: VersionedBucket;
  close(): Promise<void>;
}

/** `npm run serve` where it is running, otherwise a Worker that runs as long as this process, if there is to be one. */
export async function localTarget({ url, dryRun, serves, print }: TargetOptions): Promise<Target> {
  const local = (await running()) ?? (await (serves ? started() : unserved()));
  const address = url ?? local.url;
  const live = liveWorker(address ?? NOWHERE, process.env.LATENTEDGE_API_KEY);
  if (address !== undefined) print(`serving: ${address}`);
  const bucket = dryRun ? dryBucket(local.bucket, print) : local.bucket;
  const asked = dryRun ? dryLive(live, print) : live;
  return {
    bucket,
    live: asked,
    release: aliasRelease(address === undefined ? undefined : asked),
    close: local.close,
  };
}

async function running(): Promise<Local | undefined> {
  const serving = await findServing();
  if (serving === undefined) return undefined;
  if (serving.runtime === 'frozen') {
    throw new InputError(
      `the Worker at ${serving.url} runs nothing but the models that it was built with: start it with npm run serve -- --runtime stock`,
    );
  }
  return {
    url: serving.url,
    bucket: s3Bucket({ ...serving.bucket, secretAccessKey: 'local' }),
    close: async () => {},
  };
}

async function unserved(): Promise<Local> {
  const { bucket, close } = await localBucket();
  return { url: undefined, bucket: bucket as VersionedBucket, close };
}

async function started(): Promise<Local> {
  const worker = await serveLocally([], {
    ...{ bucketFolder: BUCKET_FOLDER, runtime: RUNTIME },
    // Its requests are those of this run.
    log: () => undefined,
  });
  const bucket = (await worker.bucket()) as VersionedBucket;
  return { url: worker.url.href, bucket, close: worker.dispose };
}
