/**
 * wrangler.toml read directly, for commands that do not build or run the Worker: loading Wrangler takes a
 * second.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'smol-toml';
import type { Unstable_Config } from 'wrangler';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { ENVIRONMENT_VARIABLE, workerConfigPath, workerEnvironment } from '../cli/places.ts';
import { requireWrangler } from './cloudflare.ts';

const WorkerSettings = z.object({
  /** Name of the Worker. */
  name: z.string(),
  vars: z.record(z.string(), z.unknown()).default({}),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string().optional() })).default([]),
  worker_loaders: z.array(z.object({ binding: z.string() })).default([]),
  analytics_engine_datasets: z
    .array(z.object({ binding: z.string(), dataset: z.string().optional() }))
    .default([]),
});

/** What the section of an environment inherits, of the settings above: the beginning of its name. */
const Environments = z.object({
  name: z.string(),
  env: z.record(z.string(), z.looseObject({ name: z.string().optional() })).default({}),
});

/**
 * Reads the name, variables, buckets and loaders of wrangler.toml: those of the environment in use, if there is one.
 * @throws {InputError} if it is not TOML, or lacks the name or the environment.
 */
export async function readWorkerSettings(): Promise<z.output<typeof WorkerSettings>> {
  const path = workerConfigPath();
  const content = path.endsWith('.toml') ? inEnvironment(path, await tomlOf(path)) : normalised(path);
  const { success, data, error } = WorkerSettings.safeParse(content);
  if (success) return data;
  throw new InputError(`${basename(path)}: ${z.prettifyError(error)}`);
}

async function tomlOf(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Reads JSON with comments, which Wrangler reads anyway when it builds. */
function normalised(path: string): unknown {
  const env = workerEnvironment();
  let content: Unstable_Config;
  try {
    content = requireWrangler().unstable_readConfig(
      { config: path, ...(env && { env }) },
      { hideWarnings: true },
    );
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const known = content.definedEnvironments ?? [];
  if (env !== undefined && !known.includes(env)) throw unknownEnvironment(path, env, known);
  return content;
}

function unreadable(path: string, cause: unknown): InputError {
  return new InputError(`${basename(path)} cannot be read: correct it`, { cause });
}

/** Returns the section of the environment in use. */
function inEnvironment(path: string, content: unknown): unknown {
  const environment = workerEnvironment();
  const { data } = Environments.safeParse(content);
  // What is not as expected is reported by its own schema.
  if (environment === undefined || data === undefined) return content;
  const own = data.env[environment];
  if (own === undefined) throw unknownEnvironment(path, environment, Object.keys(data.env));
  return { ...own, name: own.name ?? `${data.name}-${environment}` };
}

function unknownEnvironment(path: string, given: string, known: readonly string[]): InputError {
  const expected = known.length === 0 ? `it has none: add [env.${given}]` : `one of ${known.join(', ')}`;
  return new InputError(
    `${basename(path)}: expected the environment '${given}' (--env, or ${ENVIRONMENT_VARIABLE}), found ${expected}`,
  );
}

/** The binding of the bucket that the Worker reads models from. */
const BINDING = 'MODELS';

/** Finds the name of the bucket that models are published to; undefined if the Worker has none. */
export async function findModelBucket(): Promise<string | undefined> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  return buckets.find(({ binding }) => binding === BINDING)?.bucket_name;
}

/** Returns the bucket of this machine, for a Worker that has none in the cloud as well, under the name that it would have. */
export async function bucketHere(): Promise<{ binding: string; bucket_name: string }> {
  const name = (await findModelBucket()) ?? `${(await readWorkerSettings()).name}-models`;
  return { binding: BINDING, bucket_name: name };
}

/**
 * Returns the name of the bucket that models are published to.
 * @throws {InputError} if the Worker has none.
 */
export async function modelBucketName(): Promise<string> {
  const name = await findModelBucket();
  if (name !== undefined) return name;
  throw new InputError(
    `${basename(workerConfigPath())}: expected an R2 bucket (r2_buckets) with the binding ${BINDING}, which models are published to, found none: add it, as docs/deploying.md describes`,
  );
}

/** The binding of the bucket of jobs. */
const JOBS = 'JOBS_BUCKET';

/** Returns the name of the bucket of jobs. @throws {InputError} if the Worker has none. */
export async function jobsBucketName(): Promise<string> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  const name = buckets.find(({ binding }) => binding === JOBS)?.bucket_name;
  if (name !== undefined) return name;
  throw new InputError(
    `${basename(workerConfigPath())}: expected an R2 bucket (r2_buckets) with the binding ${JOBS}, which rows are uploaded to, found none: add it, as docs/jobs.md describes`,
  );
}

/** The binding of the place that rows of requests and labels are kept in for training. */
const ROWS = 'ROWS';

/** Finds the name of the bucket of logged rows; undefined if the Worker has none. */
async function findRowsBucket(): Promise<string | undefined> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  return buckets.find(({ binding }) => binding === ROWS)?.bucket_name;
}

/** Returns the bucket of logged rows on this machine, under the name that it has, or would have, in the cloud. */
export async function rowsBucketHere(): Promise<{ binding: string; bucket_name: string }> {
  const name = (await findRowsBucket()) ?? `${(await readWorkerSettings()).name}-rows`;
  return { binding: ROWS, bucket_name: name };
}

/** Returns the name of the bucket of logged rows. @throws {InputError} if the Worker has none. */
export async function rowsBucketName(): Promise<string> {
  const name = await findRowsBucket();
  if (name !== undefined) return name;
  throw new InputError(
    `${basename(workerConfigPath())}: expected an R2 bucket (r2_buckets) with the binding ${ROWS}, which rows of requests are kept in, found none: add it, as docs/production.md describes`,
  );
}

/** The binding of the dataset that the Worker writes requests to. */
const ANALYTICS = 'ANALYTICS';

/** Returns the name of the dataset of Analytics Engine. @throws {InputError} if the Worker has none. */
export async function analyticsDataset(): Promise<string> {
  const { analytics_engine_datasets: datasets } = await readWorkerSettings();
  const own = datasets.find(({ binding }) => binding === ANALYTICS);
  if (own !== undefined) return own.dataset ?? own.binding;
  throw new InputError(
    `${basename(workerConfigPath())}: expected a dataset of Analytics Engine (analytics_engine_datasets) with the binding ${ANALYTICS}, found none: add it, as docs/deploying.md describes`,
  );
}
