/** The Worker's static assets: the playground, unless `PLAYGROUND` in wrangler.toml is `off`. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { workerConfigPath } from '../cli/places.ts';
import { playgroundFiles, writeHeaders } from '../playground/build.ts';
import { readWorkerSettings } from './wranglerToml.ts';

/** True for the folder in wrangler.toml that stands for the one that `writeAssets` writes. */
export function isBundledFolder(directory: string): boolean {
  const project = dirname(workerConfigPath());
  return resolve(project, directory) === resolve(project, 'artifacts/bundle/assets');
}

/** Returns the folder of the assets of the Worker with the modules next to `modelsPath`. */
export function assetsFolder(modelsPath: string): string {
  return join(dirname(modelsPath), 'assets');
}

/** Writes the assets next to the modules that `bundleModels` has written, replacing earlier ones. */
export async function writeAssets(modelsPath: string): Promise<void> {
  const folder = assetsFolder(modelsPath);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (!(await hasPlayground())) return;
  await cp(await playgroundFiles(), join(folder, 'playground'), { recursive: true });
  await writeHeaders(folder);
}

/**
 * True if the Worker serves the playground.
 * @throws {InputError} if `PLAYGROUND` is neither `on` nor `off`.
 */
export async function hasPlayground(): Promise<boolean> {
  const { vars, assets } = await readWorkerSettings();
  const { PLAYGROUND = 'on' } = vars;
  if (PLAYGROUND !== 'on' && PLAYGROUND !== 'off')
    throw new InputError(`PLAYGROUND in wrangler.toml: expected on or off, received ${String(PLAYGROUND)}`);
  return PLAYGROUND === 'on' && assets?.directory !== undefined && isBundledFolder(assets.directory);
}
