/** Bundles the commands once per run. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundle } from '../support/commands/bundled.ts';
import { PROCESSES } from '../support/commands/bundledProcesses.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder with a module for each of `scripts/*.ts`, and for programs of tests. */
    commands: string;
  }
}

const ROOT = join(import.meta.dirname, '../..');

const PROGRAMS = ['releaseVersions.ts', 'publishDemo.ts'];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scripts = await readdir(join(ROOT, 'scripts'));
  const paths = [
    ...scripts.filter((name) => name.endsWith('.ts')).map((name) => join(ROOT, 'scripts', name)),
    ...PROGRAMS.map((name) => join(ROOT, 'test/support/commands', name)),
  ];
  // Within the project, for packages are looked for from there.
  const commands = await mkdtemp(join(ROOT, 'node_modules', '.commands-'));
  const modules = Object.fromEntries(paths.map((path) => [basename(path, '.ts'), path]));
  await bundle({ ...modules, ...PROCESSES }, commands);
  project.provide('commands', commands);
  return () => rm(commands, { recursive: true });
}
