/**
 * wrangler.toml read directly, for commands that do not build or run the Worker: loading Wrangler takes a
 * second.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
  const { success, data, error } = WorkerSettings.safeParse(await contentOf(join(ROOT, 'wrangler.toml')));
  if (success) return data;
  throw new InputError(`wrangler.toml: ${z.prettifyError(error)}`);
}

async function contentOf(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InputError('wrangler.toml cannot be read: correct it, or restore it from the repository', {
      cause,
    });
  }
}

/**
 * Returns the name of the bucket that models are published to.
 * @throws {InputError} if wrangler.toml has none.
 */
export async function modelBucketName(): Promise<string> {
  const { r2_buckets: buckets } = await readWorkerSettings();
  const name = buckets.find(({ binding }) => binding === 'MODELS')?.bucket_name;
  if (name !== undefined) return name;
  throw new InputError(
    'wrangler.toml: expected [[r2_buckets]] with the binding MODELS, which models are published to, found none',
  );
}
