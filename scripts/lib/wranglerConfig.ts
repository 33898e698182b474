/** wrangler.toml, as Wrangler itself reads it: nothing in it is ever retyped. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Unstable_Config } from 'wrangler';
import { InputError } from '../../shared/errors.ts';
import { requireWrangler } from './cloudflare.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The names that wrangler.toml resolves to modules that `bundleModels` writes, all of them to one folder. */
const BUNDLED = ['models', 'runtime', 'frozen', 'slim'] as const;

/** Wrangler's normalised wrangler.toml. Wrangler takes a second to import, for which no other command waits. */
export async function readWorkerConfig(): Promise<Unstable_Config> {
  const { unstable_readConfig } = requireWrangler();
  return unstable_readConfig({ config: join(ROOT, 'wrangler.toml') }, { hideWarnings: true });
}

/** The name of the bucket that models are published to. @throws {InputError} where there is none. */
export async function modelBucketName(): Promise<string> {
  const { r2_buckets: buckets } = await readWorkerConfig();
  const name = buckets.find(({ binding }) => binding === 'MODELS')?.bucket_name;
  if (name !== undefined) return name;
  throw new InputError(
    'wrangler.toml has no [[r2_buckets]] with the binding MODELS: models are published there',
  );
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
  const alias = Object.entries(config.alias ?? {}).map(([name, path]) => [name, resolve(ROOT, path)]);
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
