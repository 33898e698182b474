/** The playground as static files, built by Vite from `edge/playground`; the package holds them ready-made. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';
import { PAGE_POLICY } from '../../edge/docs/policy.ts';
import { IS_SOURCE, PACKAGE_FOLDER } from '../cli/places.ts';

const SOURCE = join(PACKAGE_FOLDER, 'edge/playground');
const SCENE = join(SOURCE, 'panels/map/scene.ts');
/** The page at /docs, which has the look of the playground, and no build. */
const DOCS = join(PACKAGE_FOLDER, 'edge/docs');
const SERVED = /\.(html|css|js)$/;
/** Where the package has the built files. */
const PACKED = join(PACKAGE_FOLDER, 'playground');

/** Returns the folder of the built files; in a checkout they are built first if a source has changed. */
export async function playgroundFiles(): Promise<string> {
  if (!IS_SOURCE) return PACKED;
  const folder = join(PACKAGE_FOLDER, 'artifacts/.playground', await sourceHash());
  if (existsSync(folder)) return folder;
  const temporary = `${folder}.${randomUUID()}`;
  await buildPlayground(temporary);
  // Another command may have built the same meanwhile.
  await rename(temporary, folder).catch(() => rm(temporary, { recursive: true }));
  return folder;
}

/**
 * Builds the playground into `folder`, with the page at /docs in a folder `docs` there.
 * @returns The paths of the modules that are part of it, packages included.
 */
export async function buildPlayground(folder: string): Promise<string[]> {
  // Only a checkout has Vite and esbuild.
  const { build } = await import('vite');
  const bundled: string[] = [];
  const output = (await build({
    configFile: false,
    root: SOURCE,
    // Relative: the API, and with it the playground, may be mounted at any path.
    base: './',
    logLevel: 'warn',
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    plugins: [bundledScene(bundled)],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      // As data URLs, files would need a weaker policy.
      assetsInlineLimit: 0,
    },
  })) as Rollup.RollupOutput;
  for (const file of await readdir(DOCS))
    if (SERVED.test(file)) await cp(join(DOCS, file), join(folder, 'docs', file));
  return [...output.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])), ...bundled];
}

/**
 * Has esbuild bundle the module that draws maps with all of deck.gl, in a fraction of the time that Vite takes for these
 * hundreds of files, which nothing else uses. The paths of the modules are added to `modules`.
 */
function bundledScene(modules: string[]): Plugin {
  return {
    name: 'scene',
    async load(id) {
      if (id !== SCENE) return undefined;
      const { build } = await import('esbuild');
      const { outputFiles, metafile } = await build({
        ...{
          entryPoints: [id],
          absWorkingDir: PACKAGE_FOLDER,
          bundle: true,
          format: 'esm',
          target: 'es2022',
        },
        ...{ minify: true, metafile: true, write: false },
      });
      modules.push(...Object.keys(metafile.inputs));
      const file = this.emitFile({ type: 'asset', name: 'scene.js', source: outputFiles[0]!.contents });
      return `export const { createScene } = await import(/* @vite-ignore */ import.meta.ROLLUP_FILE_URL_${file});`;
    },
  };
}

/** The hash of everything that the built files are made of, but for packages, which package.json pins. */
async function sourceHash(): Promise<string> {
  const folders = [SOURCE, DOCS, join(PACKAGE_FOLDER, 'shared')];
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = files.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const path of paths.sort()) hash.update(path).update(await readFile(path));
  }
  for (const file of ['package.json', 'edge/client.ts', 'scripts/playground/build.ts'])
    hash.update(await readFile(join(PACKAGE_FOLDER, file)));
  return hash.digest('hex').slice(0, 12);
}

/** Rules in the form of Cloudflare's `_headers`. */
const HEADERS = `/playground/*
  Content-Security-Policy: ${PAGE_POLICY}
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
/playground/assets/*
  Cache-Control: public, max-age=31536000, immutable
/docs*
  Content-Security-Policy: ${PAGE_POLICY}
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
`;

/** Writes the file with the headers of both pages into the folder of the Worker's assets. */
export const writeHeaders = (assets: string): Promise<void> => writeFile(join(assets, '_headers'), HEADERS);
