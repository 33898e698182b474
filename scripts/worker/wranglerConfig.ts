/**
 * wrangler.toml as Wrangler itself reads it, so that building and running the Worker repeats none of its
 * values.
 */
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Unstable_Config } from 'wrangler';
import { packageModule, workerConfigPath, workerEnvironment } from '../cli/places.ts';
import { assetsFor } from './assetsFolder.ts';
import { requireWrangler } from './cloudflare.ts';
import { readWorkerSettings } from './wranglerToml.ts';

/** Modules that `bundleModels` writes into one folder; wrangler.toml has aliases for them. */
const BUNDLED = ['models', 'runtime', 'frozen', 'slim'] as const;

/**
 * Reads wrangler.toml, normalised by Wrangler, for the environment in use. Loads Wrangler first, which takes a second.
 * @throws {InputError} if there is no such environment.
 */
export async function readWorkerConfig(): Promise<Unstable_Config> {
  // Wrangler takes the values outside of all environments for one that it does not find.
  await readWorkerSettings();
  const { unstable_readConfig } = requireWrangler();
  const env = workerEnvironment();
  return unstable_readConfig({ config: workerConfigPath(), ...(env && { env }) }, { hideWarnings: true });
}

/** True if the Worker is the API and nothing else, so that routes have the addresses of the documentation. */
export async function isWholeApi(): Promise<boolean> {
  const { main } = await readWorkerConfig();
  if (main === undefined) return false;
  if ((await realpath(main)) === (await realpath(packageModule('edge/index')))) return true;
  return (await readFile(main, 'utf8')).includes("'latentedge/worker'");
}

/**
 * Writes wrangler.toml to `directory/wrangler.json`, with absolute paths and with the modules next to
 * `modelsPath`, and with changes of other members. Returns the path of the file. (`wrangler deploy --alias` would do, but 4.86 parses that flag
 * and ignores it.)
 */
export async function writeWorkerConfig(
  directory: string,
  modelsPath: string,
  main?: string,
  changes: Partial<Unstable_Config> = {},
): Promise<string> {
  const config = { ...(await readWorkerConfig()), ...changes };
  const alias = Object.entries(config.alias ?? {}).map(([name, path]) => [
    name,
    resolve(dirname(workerConfigPath()), path),
  ]);
  const bundled = BUNDLED.map((name) => [`latentedge:${name}`, resolve(dirname(modelsPath), `${name}.ts`)]);
  const path = join(directory, 'wrangler.json');
  await mkdir(directory, { recursive: true });
  await writeFile(
    path,
    JSON.stringify({
      ...config,
      ...(main !== undefined && { main: resolve(main) }),
      assets: assetsFor(config.assets, modelsPath),
      alias: { ...Object.fromEntries(alias), ...Object.fromEntries(bundled) },
      // Wrangler's notes on the origin of the config, and an empty section that it would warn about.
      ...{ configPath: undefined, userConfigPath: undefined, topLevelName: undefined },
      ...{ definedEnvironments: undefined, targetEnvironment: undefined, unsafe: undefined },
    }),
  );
  return path;
}
