/**
 * wrangler.toml read directly, for commands that do not build or run the Worker: loading Wrangler takes a
 * second.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'smol-toml';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { workerConfigPath } from '../cli/places.ts';
import { requireWrangler } from './cloudflare.ts';

const WorkerSettings = z.object({
  /** Name of the Worker. */
  name: z.string(),
  vars: z.record(z.string(), z.unknown()).default({}),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string().optional() })).default([]),
});

/**
 * Reads the name, variables and buckets of wrangler.toml.
 * @throws {InputError} if it is not TOML, or lacks the name.
 */
export async function readWorkerSettings(): Promise<z.output<typeof WorkerSettings>> {
  const path = workerConfigPath();
  const { success, data, error } = WorkerSettings.safeParse(await contentOf(path));
  if (success) return data;
  throw new InputError(`${basename(path)}: ${z.prettifyError(error)}`);
}

async function contentOf(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.toml')) return parse(await readFile(path, 'utf8'));
    // JSON with comments, which Wrangler reads anyway when it builds.
    return requireWrangler().unstable_readConfig({ config: path }, { hideWarnings: true });
  } catch (cause) {
    throw new InputError(`${basename(path)} cannot be read: correct it`, { cause });
  }
}

/** The binding of the bucket that the Worker reads models from. */
const BINDING = 'MODELS';

/** Finds the name of the bucket that models are published to; undefined if the Worker has none. */
export async function findModelBucket(): Promise<string | undefined> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  return buckets.find(({ binding }) => binding === BINDING)?.bucket_name;
}

/**
 * Returns the name of the bucket that models are published to.
 * @throws {InputError} if the Worker has none.
 */
export async function modelBucketName(): Promise<string> {
  const name = await findModelBucket();
  if (name !== undefined) return name;
  throw new InputError(
    `${basename(workerConfigPath())}: expected an R2 bucket (r2_buckets) with the binding ${BINDING}, which models are published to, found none`,
  );
}
