/** The buckets of a local Worker without the Worker, whose making takes a while to load. */
import type { WorkerdStructuredLog } from 'miniflare';
import type { ModelBucket } from '../store/bucket.ts';
import { bucketDoor } from './bucketDoor.ts';
import { BUCKET_FOLDER } from './bucketFolder.ts';
import { startMiniflare } from './supervisor.ts';
import { plainLog } from './workerdLog.ts';
import { bucketsHere } from './wranglerToml.ts';

/**
 * Opens the buckets of `npm run serve`, of models and of logged rows, without a Worker. `npm run serve` must not be
 * running.
 */
export async function localBuckets(bucketFolder = BUCKET_FOLDER) {
  const named = (await bucketsHere()).map(({ binding, bucket_name }) => [binding, bucket_name] as const);
  const r2Buckets = Object.fromEntries(named);
  const { bucket, open, close } = await openBucket({ r2Buckets, bucketFolder });
  return { bucket, rows: () => open('ROWS'), close };
}

/** Opens the bucket `MODELS` without a Worker. */
export async function openBucket(options: {
  readonly r2Buckets: readonly string[] | Readonly<Record<string, string>>;
  readonly bucketFolder?: string;
}): Promise<{
  bucket: ModelBucket;
  /** Opens another one of these buckets. */
  open: (binding: string) => Promise<ModelBucket>;
  close: () => Promise<void>;
}> {
  const door = bucketDoor({
    ...{ modules: true, script: 'export default {}', cf: false },
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
      process.stderr.write(`${plainLog(message)}\n`);
    },
    ...options,
  });
  const miniflare = startMiniflare(door.options);
  return {
    bucket: await door.open(miniflare),
    open: (binding) => door.open(miniflare, binding),
    close: () => miniflare.dispose(),
  };
}
