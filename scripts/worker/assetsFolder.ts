/** The folder of the Worker's static assets: one that is written with the bundled modules, or one of its own. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Unstable_Config } from 'wrangler';
import { workerConfigPath } from '../cli/places.ts';

type Assets = Unstable_Config['assets'];

/** Returns the folder of the assets of the Worker with the modules next to `modelsPath`. */
export function assetsFolder(modelsPath: string): string {
  return join(dirname(modelsPath), 'assets');
}

/** True if the assets in wrangler.toml stand for the folder that is written with the bundled modules. */
export function areBundled(assets: Assets): boolean {
  const project = dirname(workerConfigPath());
  const own = assets?.directory;
  return own !== undefined && resolve(project, own) === resolve(project, 'artifacts/bundle/assets');
}

/** Returns the assets of wrangler.toml for the Worker with the modules next to `modelsPath`, with an absolute path. */
export function assetsFor(assets: Assets, modelsPath: string): Assets {
  if (assets?.directory === undefined) return undefined;
  if (!areBundled(assets))
    return { ...assets, directory: resolve(dirname(workerConfigPath()), assets.directory) };
  const directory = resolve(assetsFolder(modelsPath));
  // Workers of tests and benchmarks are built without.
  return existsSync(directory) ? { ...assets, directory } : undefined;
}
