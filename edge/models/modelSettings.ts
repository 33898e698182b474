/** Settings for models in a bucket, from the Worker's variables (`[vars]` in wrangler.toml). */
import * as z from 'zod';
import type { WorkerLoader } from '../runtime/isolates/loader.ts';
import { Count, readVariables, Seconds } from '../variables.ts';
import type { Bucket } from './bucket.ts';

const MIB = 1024 * 1024;

const ModelVariables = z.object({
  ALIASES_TTL_SECONDS: Seconds.default(10),
  R2_TIMEOUT_SECONDS: Seconds.default(3),
  MAX_MODEL_BYTES: Count.default(24 * MIB),
  MODEL_CACHE_BYTES: Count.default(32 * MIB),
  /** The R2 binding; without it, only bundled models are served. */
  MODELS: z.custom<Bucket>((value) => typeof value === 'object', 'expected an R2 bucket').optional(),
  /** The binding of `worker_loaders`; without it, every version runs in this isolate. */
  LOADER: z.custom<WorkerLoader>((value) => typeof value === 'object', 'expected a Worker loader').optional(),
});

export interface ModelSettings {
  readonly bucket: Bucket | undefined;
  readonly loader: WorkerLoader | undefined;
  /** Milliseconds before aliases are read again. */
  readonly ttlMs: number;
  /** Milliseconds that the bucket may take to answer. */
  readonly timeoutMs: number;
  /** Maximum bytes of one graph in the bucket. */
  readonly maxGraphBytes: number;
  /** Maximum bytes of all loaded graphs together. */
  readonly cacheBytes: number;
}

/**
 * Reads the settings; a variable that is not set has its default.
 * @throws {Error} naming the wrong variable and the reason.
 */
export function readModelSettings(variables: unknown): ModelSettings {
  const values = readVariables(ModelVariables, variables);
  return {
    bucket: values.MODELS,
    loader: values.LOADER,
    ttlMs: values.ALIASES_TTL_SECONDS * 1000,
    timeoutMs: values.R2_TIMEOUT_SECONDS * 1000,
    maxGraphBytes: values.MAX_MODEL_BYTES,
    cacheBytes: values.MODEL_CACHE_BYTES,
  };
}
