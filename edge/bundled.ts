/** The models and the runtime that a Worker was bundled with. */
import { waitUntil } from 'cloudflare:workers';
import { mcp, runtime } from 'latentedge:runtime';
import type { ModelService } from './calls/modelService.ts';
import { createModels, type ServiceOptions } from './library.ts';
import type { Bucket } from './models/bucket.ts';
import { bucketModels } from './models/bucketModels.ts';
import { bundledModels } from './models/bundled.ts';
import { type ModelSettings, readModelSettings } from './models/modelSettings.ts';
import type { WorkerLoader } from './runtime/isolates/loader.ts';

export interface WorkerModelsOptions
  extends ServiceOptions,
    Partial<Omit<ModelSettings, 'bucket' | 'loader'>> {
  /** An R2 bucket with models to serve in addition to the bundled ones. */
  readonly bucket?: Bucket | undefined;
  /** The binding of `worker_loaders`, for a Worker that was built with `RUNTIME = "dynamic"`. */
  readonly loader?: WorkerLoader | undefined;
}

/**
 * Opens what `bundleModels` has written for this Worker: the modules `latentedge:models` and `latentedge:runtime`.
 *
 * @example
 * const models = workerModels();
 * const app = new Hono().route('/ml', latentedge({ models }));
 */
export function workerModels({ bucket, ...options }: WorkerModelsOptions = {}): ModelService {
  const settings = { ...readModelSettings({}), ...options };
  return createModels({
    ...settings,
    bundled: bundledModels(),
    stored: bucket && bucketModels(bucket, settings),
    runtime,
    mcp,
    keepAlive: waitUntil,
  });
}
