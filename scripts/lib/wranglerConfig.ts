/** wrangler.toml, as Wrangler itself reads it: nothing in it is ever retyped. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Unstable_Config, unstable_readConfig } from 'wrangler';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The name that wrangler.toml resolves to the bundled models. */
const MODELS = 'latentedge:models';

/** Wrangler's normalised wrangler.toml. */
export function readWorkerConfig(): Unstable_Config {
  return unstable_readConfig({ config: join(ROOT, 'wrangler.toml') }, { hideWarnings: true });
}

/**
 * Writes wrangler.toml with other models, and absolute paths, to `directory/wrangler.json`, and answers its path.
 * (`wrangler deploy --alias` would do, but 4.86 reads that flag and then ignores it.)
 */
export async function writeWorkerConfig(directory: string, modelsPath: string): Promise<string> {
  const config = readWorkerConfig();
  const alias = Object.entries(config.alias ?? {}).map(([name, path]) => [name, resolve(ROOT, path)]);
  const path = join(directory, 'wrangler.json');
  await mkdir(directory, { recursive: true });
  await writeFile(
    path,
    JSON.stringify({
      ...config,
      alias: { ...Object.fromEntries(alias), [MODELS]: resolve(modelsPath) },
      // Where the config came from, which is not configuration, and an empty section that Wrangler would warn about.
      ...{ configPath: undefined, userConfigPath: undefined, topLevelName: undefined },
      ...{ definedEnvironments: undefined, targetEnvironment: undefined, unsafe: undefined },
    }),
  );
  return path;
}
