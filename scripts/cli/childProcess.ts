/** Processes that run one of latentedge's modules. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { IS_SOURCE, packageModule } from './places.ts';

/**
 * Starts a process with a module, given without its extension, for instance `scripts/freeze/child`. Messages may
 * hold typed arrays; a `silent` one writes nothing.
 */
export function startProcess(
  module: string,
  {
    execArgv = [],
    silent = false,
  }: { readonly execArgv?: readonly string[]; readonly silent?: boolean } = {},
): ChildProcess {
  // TypeScript is translated by the same loader as here, wherever the command was started.
  const loader = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return fork(packageModule(module), {
    execArgv: [...execArgv, ...(IS_SOURCE ? [`--import=${loader()}`] : [])],
    serialization: 'advanced',
    ...(silent && { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
  });
}
