/** Running wrangler's commands for versions of the Worker. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { InputError } from '../../../shared/errors.ts';
import { wrangler } from '../../worker/wranglerCommand.ts';

/** Runs wrangler and returns its machine-readable output: JSON lines. */
export type RunWrangler = (flags: readonly string[]) => Promise<string>;

/**
 * Runs wrangler, which reads account and token from the environment.
 * @throws {InputError} with its output if it fails.
 */
export const runWrangler: RunWrangler = async (flags) => {
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-'));
  const output = join(folder, 'output.jsonl');
  const { command, args, env } = wrangler(flags);
  try {
    await promisify(execFile)(command, args, { env: { ...env, WRANGLER_OUTPUT_FILE_PATH: output } });
    return await readFile(output, 'utf8').catch(() => '');
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    throw new InputError(
      `wrangler ${flags.join(' ')} failed: ${withoutSecrets(`${stderr}${stdout}`).trim()}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const VersionUpload = z.looseObject({ type: z.literal('version-upload'), version_id: z.uuid() });

/** Finds the id of the Worker's version in the output of `versions upload`. */
export function uploadedVersion(output: string): string {
  for (const line of output.split('\n').filter((each) => each !== '')) {
    const { data } = VersionUpload.safeParse(JSON.parse(line));
    if (data !== undefined) return data.version_id;
  }
  throw new Error('wrangler versions upload: expected the id of a version in its output, found none');
}

function withoutSecrets(text: string): string {
  const { CLOUDFLARE_API_TOKEN: token } = process.env;
  return token ? text.replaceAll(token, '***') : text;
}
