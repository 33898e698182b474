/** A local Worker with the given models. Its build folder is deleted when it stops. */
import { join } from 'node:path';
import { SCOPES } from '../../edge/access.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { type AssetsOptions, writeAssets } from './assets.ts';
import { bucketDoor } from './bucketDoor.ts';
import { BUCKET_FOLDER } from './bucketFolder.ts';
import { buildWorker, type WorkerBuild } from './build.ts';
import { makeBuildFolder } from './buildFolder.ts';
import { bundleModels } from './bundle.ts';
import { newKey } from './newKey.ts';
import type { RuntimeName } from './runtimes.ts';
import { startMiniflare } from './supervisor.ts';
import { type RunningWorker, type StartOptions, startWorker } from './worker.ts';
import { bucketsHere } from './wranglerToml.ts';

export interface LocalOptions extends StartOptions {
  /** Default: `RUNTIME` in wrangler.toml. */
  readonly runtime?: RuntimeName;
  /** `public` to serve the maps of training rows. Default: `PLAYGROUND_DATA` in wrangler.toml. */
  readonly playgroundData?: AssetsOptions['data'];
  /** Receives a line before each slow operation. */
  readonly print?: (line: string) => void;
}

export interface LocalWorker extends RunningWorker {
  readonly build: WorkerBuild;
  /** A key of this run, for everything: a local Worker does not take orders from just any local process. */
  readonly key: string;
}

/**
 * Bundles the models, builds the Worker and runs it in workerd. Several may run at once.
 * @throws {InputError} if the port is in use.
 */
export async function serveLocally(
  artifacts: readonly Artifact[],
  { runtime, print, playgroundData: data, ...options }: LocalOptions,
): Promise<LocalWorker> {
  const { path: folder, remove } = await makeBuildFolder();
  try {
    const models = await bundleModels(artifacts, join(folder, 'bundle'), {
      ...(runtime && { runtime }),
      print,
    });
    await writeAssets(models, artifacts, { data, print });
    print?.('building and starting the Worker');
    const build = await buildWorker(join(folder, 'build'), models);
    const { key, entry } = newKey('local', SCOPES);
    const variables = { ...options.variables, LOCAL_KEY: JSON.stringify(entry) };
    const worker = await startWorker(build, { ...options, variables });
    const dispose = () => worker.dispose().finally(remove);
    return { ...worker, build, key, dispose };
  } catch (error) {
    remove();
    throw error;
  }
}

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
  const door = bucketDoor({ modules: true, script: 'export default {}', cf: false, ...options });
  const miniflare = startMiniflare(door.options);
  return {
    bucket: await door.open(miniflare),
    open: (binding) => door.open(miniflare, binding),
    close: () => miniflare.dispose(),
  };
}
