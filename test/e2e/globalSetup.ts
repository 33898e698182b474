/** Bundles the commands once per run: Node starts one file in a fifth of the time that a hook of `tsx` takes for hundreds. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder with a module for each of `scripts/*.ts`, and for programs of tests. */
    commands: string;
  }
}

const ROOT = join(import.meta.dirname, '../..');

const PROGRAMS = ['releaseVersions.ts', 'publishDemo.ts'];

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

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scripts = await readdir(join(ROOT, 'scripts'));
  // Within the project, for packages are looked for from there.
  const commands = await mkdtemp(join(ROOT, 'node_modules', '.commands-'));
  await build({
    entryPoints: [
      ...scripts.filter((name) => name.endsWith('.ts')).map((name) => join(ROOT, 'scripts', name)),
      ...PROGRAMS.map((name) => join(ROOT, 'test/support/commands', name)),
    ].map((path) => ({ in: path, out: basename(path, '.ts') })),
    outdir: commands,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm' },
    sourcemap: 'inline',
    plugins: [whereSourcesAre],
  });
  project.provide('commands', commands);
  return () => rm(commands, { recursive: true });
}
