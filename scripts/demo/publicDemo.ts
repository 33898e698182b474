/**
 * The demo on the public internet, without an account: Wrangler makes a temporary one
 * (https://developers.cloudflare.com/workers/platform/claim-deployments/).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { writeAssets } from '../worker/assets.ts';
import { makeBuildFolder } from '../worker/buildFolder.ts';
import { bundleModels } from '../worker/bundle.ts';
import { wranglerPackage } from '../worker/cloudflare.ts';
import { wrangler } from '../worker/wranglerCommand.ts';
import { readWorkerConfig, writeWorkerConfig } from '../worker/wranglerConfig.ts';

/** The first Wrangler that has `deploy --temporary`. */
const FIRST = [4, 102];
/** Cloudflare deletes temporary accounts that nobody has claimed. */
const MINUTES = 60;

/** The line about a deployment in Wrangler's output file (WRANGLER_OUTPUT_FILE_PATH). */
const Deployed = z.looseObject({ type: z.literal('deploy'), targets: z.array(z.string()).min(1) });

export interface PublicDemo {
  readonly url: URL;
  /** The Worker is gone by then, unless somebody has claimed its account. */
  readonly expires: Date;
}

/** @throws {InputError} if the Wrangler at hand has no temporary accounts. */
export function requireTemporary(): void {
  const { version } = JSON.parse(readFileSync(wranglerPackage(), 'utf8')) as { version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > FIRST[0]! || (major === FIRST[0] && minor >= FIRST[1]!)) return;
  throw new InputError(
    `--public: expected Wrangler ${FIRST.join('.')} or newer, which has temporary accounts ("wrangler deploy --temporary"), found ${version}; with Node 22.12 or newer (this is ${process.versions.node}), "npm install --no-save wrangler@latest" installs it until the next "npm ci"`,
  );
}

/**
 * Uploads a Worker with the models to a temporary account, where everybody may use them. It has none of the bindings
 * that such an account lacks. Wrangler asks for consent to Cloudflare's terms, and prints the link that claims the account.
 * @param stdout Where Wrangler prints: a file descriptor.
 * @throws {InputError} if Wrangler could not upload it; it has printed the reason.
 */
export async function publishDemo(
  artifacts: readonly Artifact[],
  { print, stdout }: { readonly print: (line: string) => void; readonly stdout: 1 | 2 },
): Promise<PublicDemo> {
  const folder = await makeBuildFolder();
  try {
    const models = await bundleModels(artifacts, join(folder.path, 'bundle'), { print });
    // The digits are published.
    await writeAssets(models, artifacts, { data: 'public' });
    const { vars } = await readWorkerConfig();
    const config = await writeWorkerConfig(folder.path, models, undefined, {
      ...{ r2_buckets: [], analytics_engine_datasets: [], ratelimits: [], vectorize: [], routes: [] },
      ...{ workers_dev: true, vars: { ...vars, OPEN: 'true' } },
    });
    const { command, args, env } = wrangler(['deploy', '--temporary', '--config', config]);
    const output = join(folder.path, 'output.ndjson');
    const asked = new Date();
    const { status } = spawnSync(command, args, {
      env: { ...env, WRANGLER_OUTPUT_FILE_PATH: output },
      stdio: ['inherit', stdout, 'inherit'],
    });
    if (status !== 0)
      throw new InputError('--public: Wrangler did not upload the Worker, for the reason above');
    return { url: urlIn(readFileSync(output, 'utf8')), expires: new Date(+asked + MINUTES * 60_000) };
  } finally {
    folder.remove();
  }
}

function urlIn(output: string): URL {
  const entries = output
    .split('\n')
    .filter(Boolean)
    .map((line) => Deployed.safeParse(JSON.parse(line)));
  const [address] = entries.flatMap(({ data }) => data?.targets ?? []);
  if (address === undefined) throw new Error('Wrangler has uploaded the Worker, but named no address');
  return new URL(address.startsWith('http') ? address : `https://${address}`);
}
