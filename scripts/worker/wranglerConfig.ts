/** wrangler.toml, as Wrangler itself reads it, for building and running the Worker: nothing in it is ever retyped. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Unstable_Config } from 'wrangler';
import { workerConfigPath } from '../cli/places.ts';
import { requireWrangler } from './cloudflare.ts';

/** The names that wrangler.toml resolves to modules that `bundleModels` writes, all of them to one folder. */
const BUNDLED = ['models', 'runtime', 'frozen', 'slim'] as const;

/** Wrangler's normalised wrangler.toml. Wrangler takes a second to import, for which no other command waits. */
export async function readWorkerConfig(): Promise<Unstable_Config> {
  const { unstable_readConfig } = requireWrangler();
  return unstable_readConfig({ config: workerConfigPath() }, { hideWarnings: true });
}

/**
 * Writes wrangler.toml with the models and runtime beside `modelsPath`, and absolute paths, to `directory/wrangler.json`, and answers its path.
 * (`wrangler deploy --alias` would do, but 4.86 reads that flag and then ignores it.)
 */
export async function writeWorkerConfig(
  directory: string,
  modelsPath: string,
  main?: string,
): Promise<string> {
  const config = await readWorkerConfig();
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
      alias: { ...Object.fromEntries(alias), ...Object.fromEntries(bundled) },
      // Where the config came from, which is not configuration, and an empty section that Wrangler would warn about.
      ...{ configPath: undefined, userConfigPath: undefined, topLevelName: undefined },
      ...{ definedEnvironments: undefined, targetEnvironment: undefined, unsafe: undefined },
    }),
  );
  return path;
}
