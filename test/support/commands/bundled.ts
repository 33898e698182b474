/** Modules of the project as Node runs them at once: a hook of `tsx` takes seconds for hundreds of files. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { STARTER, starterOf } from './bundledProcesses.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The modules by which a reader of the documentation knows the project. */
const OWN = {
  'latentedge/training': join(ROOT, 'training/index.ts'),
  'latentedge/client': join(ROOT, 'edge/client.ts'),
};

/** Files are looked for beside the source, not beside the bundle. */
const whereSourcesAre: Plugin = {
  name: 'where sources are',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      loader: 'ts',
    }));
  },
};

/** The processes that a bundle starts are looked for next to it. */
const startsBundles = (outdir: string): Plugin => ({
  name: 'starts bundles',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/childProcess\.ts$/ }, ({ path }) =>
      path === STARTER ? { contents: starterOf(JSON.stringify(outdir)), loader: 'ts' } : undefined,
    );
  },
});

/**
 * Writes each module, and what they share, to `<outdir>/<name>.mjs`; packages are looked for from there.
 * @param modules Paths by name.
 */
export async function bundle(modules: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  await build({
    entryPoints: Object.entries(modules).map(([name, path]) => ({ in: path, out: name })),
    outdir,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm' },
    alias: OWN,
    // Node reads the whole of it whenever a bundle is loaded.
    ...{ sourcemap: 'inline', sourcesContent: false },
    plugins: [startsBundles(outdir), whereSourcesAre],
  });
}
