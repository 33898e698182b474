/** Threads that run one of latentedge's modules. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { IS_SOURCE, packageModule } from './places.ts';

/**
 * Starts a thread with a module, given without its extension, for instance `scripts/retrain/lockThread`. It ends
 * with the process, and does not keep it alive.
 */
export function startThread(module: string, workerData: unknown): Worker {
  const url = JSON.stringify(pathToFileURL(packageModule(module)).href);
  // Hooks that compile TypeScript are those of one thread: a new one needs its own.
  const code = IS_SOURCE
    ? `import(${JSON.stringify(tsx())}).then(({ register }) => { register(); return import(${url}); })`
    : `import(${url})`;
  const thread = new Worker(code, { eval: true, execArgv: [], workerData });
  thread.unref();
  return thread;
}

function tsx(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  return pathToFileURL(join(folder, 'dist/esm/api/index.mjs')).href;
}
