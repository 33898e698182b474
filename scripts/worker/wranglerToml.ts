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

/** The purpose of the bucket of each binding, and the page about it. */
const BUCKETS = {
  MODELS: { use: 'which models are published to', page: 'docs/deploying.md' },
  JOBS_BUCKET: { use: 'which rows are uploaded to', page: 'docs/jobs.md' },
  ROWS: { use: 'which rows of requests are kept in', page: 'docs/production.md' },
} as const;

/** Finds the name of a bucket; undefined if the Worker has none with this binding. */
async function findBucket(binding: keyof typeof BUCKETS): Promise<string | undefined> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  return buckets.find((bucket) => bucket.binding === binding)?.bucket_name;
}

/** @throws {InputError} if the Worker has no such bucket. */
async function requireBucket(binding: keyof typeof BUCKETS): Promise<string> {
  const name = await findBucket(binding);
  if (name !== undefined) return name;
  const { use, page } = BUCKETS[binding];
  throw new InputError(
    `${basename(workerConfigPath())}: expected an R2 bucket (r2_buckets) with the binding ${binding}, ${use}, found none: add it, as ${page} describes`,
  );
}

/** Finds the name of the bucket that models are published to; undefined if the Worker has none. */
export const findModelBucket = () => findBucket('MODELS');

/** Returns that name. @throws {InputError} if the Worker has none. */
export const modelBucketName = () => requireBucket('MODELS');

/** Returns the name of the bucket of jobs. @throws {InputError} if the Worker has none. */
export const jobsBucketName = () => requireBucket('JOBS_BUCKET');

/** Returns the name of the bucket of logged rows. @throws {InputError} if the Worker has none. */
export const rowsBucketName = () => requireBucket('ROWS');

/**
 * Returns the buckets of models and of logged rows on this machine, for a Worker that has none in the cloud as well,
 * under the names that they have, or would have, there.
 */
export async function bucketsHere(): Promise<{ binding: 'MODELS' | 'ROWS'; bucket_name: string }[]> {
  const { name } = await readWorkerSettings();
  return [
    { binding: 'MODELS', bucket_name: (await findBucket('MODELS')) ?? `${name}-models` },
    { binding: 'ROWS', bucket_name: (await findBucket('ROWS')) ?? `${name}-rows` },
  ];
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
