/** What wrangler.toml says of itself, for commands that do not build or run the Worker: Wrangler takes a second to load. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'smol-toml';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { workerConfigPath } from '../cli/places.ts';
import { requireWrangler } from './cloudflare.ts';

const WorkerSettings = z.object({
  /** Of the Worker. */
  name: z.string(),
  vars: z.record(z.string(), z.unknown()).default({}),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string().optional() })).default([]),
});

/** @throws {InputError} where it is not TOML, or lacks the name. */
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

/** The name of the bucket that models are published to. @throws {InputError} where there is none. */
export async function modelBucketName(): Promise<string> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  const name = buckets.find(({ binding }) => binding === 'MODELS')?.bucket_name;
  if (name !== undefined) return name;
  throw new InputError(
    'wrangler.toml has no [[r2_buckets]] with the binding MODELS: models are published there',
  );
}
