/** The Worker's static assets: the playground and the page at /docs, unless `PLAYGROUND` in wrangler.toml is `off`. */
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { MapIndex } from '../../shared/mapFile.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { MAP_FILE } from '../../training/artifact/codeMap.ts';
import { playgroundFiles, writeHeaders } from '../playground/build.ts';
import { areBundled, assetsFolder } from './assetsFolder.ts';
import { readWorkerConfig } from './wranglerConfig.ts';

type Mapped = Pick<Artifact, 'directory' | 'manifest'>;

export interface AssetsOptions {
  /** `public` to serve training rows. Default: `PLAYGROUND_DATA` in wrangler.toml, and `private` without it. */
  readonly data?: MapIndex['data'] | undefined;
  /** Receives a line about training rows that are served, or are not. */
  readonly print?: ((line: string) => void) | undefined;
}

/**
 * Writes the assets next to the modules that `bundleModels` has written, replacing earlier ones. The maps of the models'
 * training rows are among them only if these are public.
 */
export async function writeAssets(
  modelsPath: string,
  artifacts: readonly Mapped[],
  { data, print = () => undefined }: AssetsOptions = {},
): Promise<void> {
  const folder = assetsFolder(modelsPath);
  await rm(folder, { recursive: true, force: true });
  // Wrangler refuses a folder that does not exist, but takes an empty one.
  await mkdir(folder, { recursive: true });
  if (!(await hasPlayground())) return;
  const playground = join(folder, 'playground');
  await cp(await playgroundFiles(), playground, { recursive: true });
  await rename(join(playground, 'docs'), join(folder, 'docs'));
  // Served at /docs: a file in the folder would be at /docs/.
  await rename(join(folder, 'docs/page.html'), join(folder, 'docs.html'));
  await writeHeaders(folder);
  await writeMaps(join(playground, 'maps'), artifacts, { data: data ?? (await configuredData()), print });
}

interface MapOptions {
  readonly data: MapIndex['data'];
  readonly print: (line: string) => void;
}

async function writeMaps(
  folder: string,
  artifacts: readonly Mapped[],
  { data, print }: MapOptions,
): Promise<void> {
  const mapped = artifacts.filter(({ directory }) => existsSync(join(directory, MAP_FILE)));
  const names = mapped.map(({ manifest }) => manifest.name).join(', ');
  if (mapped.length > 0)
    print(
      data === 'public'
        ? `playground: anybody who reaches the Worker can read training rows of ${names}, without a key (PLAYGROUND_DATA = "public" in wrangler.toml; "private" keeps them out)`
        : `playground: without training rows (PLAYGROUND_DATA = "private" in wrangler.toml; "public" shows those of ${names} on their maps, to anybody who reaches the Worker)`,
    );
  const maps: string[] = [];
  for (const { directory, manifest } of data === 'public' ? mapped : []) {
    const { name, version } = manifest;
    await mkdir(join(folder, name), { recursive: true });
    await cp(join(directory, MAP_FILE), join(folder, name, `${version}.bin`));
    maps.push(`${name}/${version}`);
  }
  await writeFile(join(folder, 'index.json'), JSON.stringify({ data, maps } satisfies MapIndex));
}

/**
 * True if the Worker serves the playground: it is on, and the Worker's assets are those that are written for it.
 * @throws {InputError} if `PLAYGROUND` is neither `on` nor `off`.
 */
export async function hasPlayground(): Promise<boolean> {
  const { assets } = await readWorkerConfig();
  return (await variable('PLAYGROUND', ['on', 'off'])) === 'on' && areBundled(assets);
}

const configuredData = (): Promise<MapIndex['data']> => variable('PLAYGROUND_DATA', ['private', 'public']);

/**
 * Reads a variable of wrangler.toml that has one of some values; the first is the default.
 * @throws {InputError} for any other.
 */
async function variable<Value extends string>(name: string, values: readonly Value[]): Promise<Value> {
  const { vars } = await readWorkerConfig();
  const received = vars[name] ?? values[0];
  const value = values.find((each) => each === received);
  if (value !== undefined) return value;
  throw new InputError(
    `${name} in wrangler.toml: expected ${values.join(' or ')}, received ${String(received)}`,
  );
}
