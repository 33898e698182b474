/**
 * The folders of latentedge itself and of the project that uses it. In latentedge's own repository they are
 * the same.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../shared/errors.ts';
import { commandLine, IS_SOURCE } from '../../training/commandLine.ts';

export { commandLine, IS_SOURCE };

const HERE = fileURLToPath(import.meta.url);

/** The folder of latentedge's package.json. */
export const PACKAGE_FOLDER = nearest('package.json', dirname(HERE));

/** The absolute path of one of latentedge's modules, given without its extension, for instance `edge/index`. */
export function packageModule(path: string): string {
  return join(PACKAGE_FOLDER, `${path}${IS_SOURCE ? '.ts' : '.js'}`);
}

/** Configuration files of a Worker, in the order in which Wrangler looks for them. */
export const CONFIGS = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'] as const;

/**
 * The absolute path of the Worker's configuration: that of the current folder or, in a checkout, latentedge's own.
 * @throws {InputError} if the current folder has none.
 */
export function workerConfigPath(): string {
  const own = CONFIGS.map((name) => resolve(name)).find(existsSync);
  if (own !== undefined) return own;
  if (IS_SOURCE) return join(PACKAGE_FOLDER, 'wrangler.toml');
  throw new InputError(
    `expected ${CONFIGS.join(', ')} in this folder, found none; ${commandLine('init')} writes a project with one, ${commandLine('init')} --into . adds latentedge to a Worker of yours`,
  );
}

/** True if the current folder has a Worker to serve models with. */
export function hasWorker(): boolean {
  return IS_SOURCE || CONFIGS.some((name) => existsSync(resolve(name)));
}

/** Wrangler's own variable, so that its commands use the same environment. */
export const ENVIRONMENT_VARIABLE = 'CLOUDFLARE_ENV';

/** The environment of the Worker's configuration that is in use, for instance `staging`; undefined for none. */
export function workerEnvironment(): string | undefined {
  return process.env[ENVIRONMENT_VARIABLE] || undefined;
}

function nearest(file: string, folder: string): string {
  if (existsSync(join(folder, file))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${HERE} is in no package`);
  return nearest(file, parent);
}
