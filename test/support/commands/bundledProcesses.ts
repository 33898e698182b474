/** Processes that commands and tests start, as bundles: `tsx` takes most of a second for each. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { startProcess } from '../../../scripts/cli/childProcess.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The modules that `startProcess` takes, by name, with their paths. */
export const PROCESSES = Object.fromEntries(
  ['scripts/freeze/child', 'scripts/importing/child', 'scripts/tuning/worker'].map((module) => [
    module,
    join(ROOT, `${module}.ts`),
  ]),
);

/** Names the folder of the bundles for tests that freeze in their own process. */
export const PROCESSES_VARIABLE = 'LATENTEDGE_TEST_PROCESSES';

/** The module that starts them from their source. */
export const STARTER = join(ROOT, 'scripts/cli/childProcess.ts');

/** Returns a module to have in its place. @param folder Expression for the folder of the bundles. */
export function starterOf(folder: string): string {
  const own = JSON.stringify(join(import.meta.dirname, 'bundledProcesses.ts'));
  return `import { processesIn } from ${own};\nexport const startProcess = (...given) => processesIn(${folder})(...given);`;
}

/** Starts the bundles in a folder. */
export function processesIn(folder: string): typeof startProcess {
  return (module, { execArgv = [], silent = false } = {}) =>
    fork(join(folder, `${module}.mjs`), {
      execArgv: ['--enable-source-maps', ...execArgv],
      serialization: 'advanced',
      ...(silent && { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
    });
}
