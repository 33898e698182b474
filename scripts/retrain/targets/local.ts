/** This machine: the bucket in artifacts/.bucket, and the Worker that serves from it. */

import { InputError } from '../../../shared/errors.ts';
import { BUCKET_FOLDER, serveLocally } from '../../lib/local.ts';
import type { RuntimeName } from '../../lib/runtimes.ts';
import { findServing } from '../../lib/serving.ts';
import { liveWorker } from '../live.ts';
import { aliasRelease } from '../release/aliases.ts';
import type { VersionedBucket } from '../store/bucket.ts';
import { dryBucket } from '../store/dry.ts';
import { s3Bucket } from '../store/s3.ts';
import { dryLive } from './dry.ts';
import type { Target, TargetOptions } from './target.ts';

/** Runs any model; the models are those of the bucket. */
const RUNTIME: RuntimeName = 'stock';

interface Local {
  readonly url: string;
  readonly bucket: VersionedBucket;
  close(): Promise<void>;
}

/** `npm run serve` where it is running, otherwise a Worker that runs as long as this process. */
export async function localTarget({ url, dryRun, print }: TargetOptions): Promise<Target> {
  const local = (await running()) ?? (await started());
  const live = liveWorker(url ?? local.url, process.env.LATENTEDGE_API_KEY);
  print(`serving: ${live.url}`);
  const bucket = dryRun ? dryBucket(local.bucket, print) : local.bucket;
  const asked = dryRun ? dryLive(live, print) : live;
  return { bucket, live: asked, release: aliasRelease(asked), close: local.close };
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

async function started(): Promise<Local> {
  const worker = await serveLocally([], {
    ...{ bucketFolder: BUCKET_FOLDER, runtime: RUNTIME },
    // Its requests are those of this run.
    log: () => undefined,
  });
  const bucket = (await worker.bucket()) as VersionedBucket;
  return { url: worker.url.href, bucket, close: worker.dispose };
}
