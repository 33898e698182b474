/** A local Worker with the given models. Its build folder is deleted when it stops. */
import { join } from 'node:path';
import { SCOPES } from '../../edge/access.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { type AssetsOptions, writeAssets } from './assets.ts';
import { buildWorker, type WorkerBuild } from './build.ts';
import { makeBuildFolder } from './buildFolder.ts';
import { bundleModels } from './bundle.ts';
import { newKey } from './newKey.ts';
import type { RuntimeName } from './runtimes.ts';
import { type RunningWorker, type StartOptions, startWorker } from './worker.ts';

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
