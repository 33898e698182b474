/** The Worker's static assets: the playground, unless `PLAYGROUND` in wrangler.toml is `off`. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { playgroundFiles, writeHeaders } from '../playground/build.ts';
import { areBundled, assetsFolder } from './assetsFolder.ts';
import { readWorkerConfig } from './wranglerConfig.ts';

/** Writes the assets next to the modules that `bundleModels` has written, replacing earlier ones. */
export async function writeAssets(modelsPath: string): Promise<void> {
  const folder = assetsFolder(modelsPath);
  await rm(folder, { recursive: true, force: true });
  // Wrangler refuses a folder that does not exist, but takes an empty one.
  await mkdir(folder, { recursive: true });
  if (!(await hasPlayground())) return;
  await cp(await playgroundFiles(), join(folder, 'playground'), { recursive: true });
  await writeHeaders(folder);
}

/**
 * True if the Worker serves the playground: it is on, and the Worker's assets are those that are written for it.
 * @throws {InputError} if `PLAYGROUND` is neither `on` nor `off`.
 */
export async function hasPlayground(): Promise<boolean> {
  const { vars, assets } = await readWorkerConfig();
  const { PLAYGROUND = 'on' } = vars;
  if (PLAYGROUND !== 'on' && PLAYGROUND !== 'off')
    throw new InputError(`PLAYGROUND in wrangler.toml: expected on or off, received ${String(PLAYGROUND)}`);
  return PLAYGROUND === 'on' && areBundled(assets);
}
