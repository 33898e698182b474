/** Building the Worker exactly as it is uploaded. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { gzip } from 'node:zlib';
import type { Unstable_Config } from 'wrangler';
import { asStorageError } from '../../training/files.ts';
import { assetsFor } from './assetsFolder.ts';
import { wrangler } from './wranglerCommand.ts';
import { readWorkerConfig, writeWorkerConfig } from './wranglerConfig.ts';

/** The Worker's entry module in a build. */
export const ENTRY = 'index.js';

export interface WorkerBuild {
  /** Folder of the entry `index.js`, its source map, and the modules that it imports. */
  readonly directory: string;
  /** Bytes of all uploaded files; the source map is not one of them. */
  readonly bytes: number;
  /** Size of the same files, compressed together: what is sent to Cloudflare, which limits only `bytes`. */
  readonly gzipBytes: number;
  /** Files that are served without running the Worker, as Wrangler describes them; undefined if there are none. */
  readonly assets: Unstable_Config['assets'];
}

/**
 * Runs `wrangler deploy --dry-run` into `outDir` with the modules that `bundleModels` wrote. Needs no network
 * and no account, and sends no telemetry.
 * @param modelsPath Path of `models.ts`, as returned by `bundleModels`.
 * @param main Entry module. Default: `main` in wrangler.toml.
 * @throws {Error} with Wrangler's output as its cause, if the build fails.
 * @throws {StorageError} if it fails because the disk is full, for instance.
 *
 * @example
 * const build = await buildWorker('artifacts/worker', await bundleModels(artifacts, 'artifacts/bundle'));
 */
export async function buildWorker(outDir: string, modelsPath: string, main?: string): Promise<WorkerBuild> {
  const directory = resolve(outDir, 'upload');
  await rm(outDir, { recursive: true, force: true });
  const config = await writeWorkerConfig(outDir, modelsPath, main);
  const { command, args, env } = wrangler(['deploy', '--dry-run', '--config', config, '--outdir', directory]);
  try {
    await promisify(execFile)(command, args, { env });
  } catch (cause) {
    const code = storageCode(cause as { readonly stderr?: string });
    const what = 'wrangler could not build the Worker';
    if (code === undefined) throw new Error(what, { cause });
    throw asStorageError(Object.assign(new Error(what), { code }), outDir);
  }
  // Wrangler names the entry after the source that `main` names.
  const entry = `${parse(main ?? (await readWorkerConfig()).main!).name}.js`;
  if (entry !== ENTRY) await rename(join(directory, entry), join(directory, ENTRY));
  const uploaded = await Promise.all(
    (await uploadedFiles(directory)).map((file) => readFile(join(directory, file))),
  );
  const whole = Buffer.concat(uploaded);
  return {
    directory,
    bytes: whole.length,
    gzipBytes: (await promisify(gzip)(whole)).length,
    assets: assetsFor((await readWorkerConfig()).assets, modelsPath),
  };
}

/** What Wrangler prints if a disk takes no writes: Node's code or, where esbuild writes, the system's words. */
const STORAGE = {
  ENOSPC: /\bENOSPC\b|no space left on device/i,
  EDQUOT: /\bEDQUOT\b|disk quota exceeded/i,
  EROFS: /\bEROFS\b|read-only file system/i,
} as const;

function storageCode({ stderr = '' }: { readonly stderr?: string }): string | undefined {
  // An escape sequence that makes text bold ends with a letter, so that no word begins after it.
  const text = stripVTControlCharacters(stderr);
  return Object.entries(STORAGE).find(([, words]) => words.test(text))?.[0];
}

/** Names of the files of a build that are uploaded, the entry first. */
export async function uploadedFiles(directory: string): Promise<string[]> {
  const files = (await readdir(directory)).filter((file) => !file.endsWith('.map') && file !== 'README.md');
  return [ENTRY, ...files.filter((file) => file !== ENTRY).sort()];
}
