/** New isolates: the time from making one to its first answer, and the CPU time of its first request. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { cpuMilliseconds, withProcess } from '../../../worker/budget/process.ts';
import type { WorkerBuild } from '../../../worker/build.ts';
import { startMiniflare } from '../../../worker/supervisor.ts';
import { type RunningWorker, workerOptions } from '../../../worker/worker.ts';
import { readWorkerConfig } from '../../../worker/wranglerConfig.ts';
import { type Measurement, measurement } from '../benchReport.ts';
import { type ColdRequest, millisecondsToAnswer } from './coldRequest.ts';

export interface UploadedModule {
  readonly name: string;
  /** Module type of wrangler.toml's rules, for instance `CompiledWasm`. */
  readonly type: string;
  readonly contents: Buffer;
}

/** The main module of the Worker under test, which answers PUT itself: nothing but the start is needed for that. */
const MAIN = `
  import worker from './index.js';
  export default {
    fetch: (request, env, context) =>
      request.method === 'PUT' ? new Response('started') : worker.fetch(request, env, context),
  };`;

/**
 * Source of a Worker that starts the Worker under test in a new isolate on the first request that is no GET, and forwards
 * it. A Worker that is started by configuration is evaluated before it can be reached, which would hide the time that
 * this takes; and other Workers of the process start after it.
 */
const outer = (files: readonly UploadedModule[], compatibilityDate: string) => `
  ${files.map((_, i) => `import file${i} from './${i}.bin';`).join('\n')}
  const text = (data) => new TextDecoder().decode(data);
  const kinds = {
    ESModule: (data) => ({ js: text(data) }),
    CompiledWasm: (wasm) => ({ wasm }),
    Text: (data) => ({ text: text(data) }),
    Data: (data) => ({ data }),
  };
  const modules = [${files.map(({ name, type }, i) => `['${name}', '${type}', file${i}]`)}];
  const start = () => ({
    compatibilityDate: '${compatibilityDate}',
    mainModule: 'main.js',
    modules: {
      'main.js': { js: ${JSON.stringify(MAIN)} },
      ...Object.fromEntries(modules.map(([file, kind, data]) => [file, kinds[kind](data)])),
    },
    env: {},
  });
  export default {
    fetch(request, { LOADER }) {
      if (request.method === 'GET') return new Response('ready');
      return LOADER.get('worker', start).getEntrypoint().fetch(request);
    },
  };`;

/**
 * Measures the milliseconds until the first request to a new isolate is answered. Each start uses its own
 * workerd, which has answered requests to another Worker before.
 */
export async function coldStart(
  name: string,
  files: readonly UploadedModule[],
  request: ColdRequest,
  starts = 10,
): Promise<Measurement> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) times.push(await coldMilliseconds(files, request));
  return measurement(`cold-start/${name}`, 'ms', times);
}

/** Reads the modules of a build. */
export async function uploadedModules(build: WorkerBuild): Promise<UploadedModule[]> {
  const { modules } = await workerOptions(build);
  return Promise.all(
    modules.map(async ({ type, path }) => ({
      // Miniflare's type includes numbers, which do not occur.
      type: String(type),
      name: basename(path),
      contents: await readFile(path),
    })),
  );
}

/**
 * Measures the milliseconds of CPU time of the first request to an isolate that has just started: no other Worker of the
 * process has started since. When one does, V8 drops the code that Liftoff, its fast compiler of WebAssembly, has made for
 * all of them. How often that happens in Cloudflare's network is not known.
 */
export async function firstRequestCpu(
  name: string,
  files: readonly UploadedModule[],
  request: ColdRequest,
  starts = 5,
): Promise<Measurement> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    const [outer, pid] = await withProcess(() => startOuter(files));
    try {
      await (await fetch(outer.url, { method: 'PUT' })).text();
      const before = await cpuMilliseconds(pid);
      await millisecondsToAnswer(outer.url, request);
      times.push((await cpuMilliseconds(pid)) - before);
    } finally {
      await outer.dispose();
    }
  }
  return measurement(`first-request-cpu/${name}`, 'ms', times);
}

async function coldMilliseconds(files: readonly UploadedModule[], request: ColdRequest): Promise<number> {
  const { url, dispose } = await startOuter(files);
  try {
    return await millisecondsToAnswer(url, request);
  } finally {
    await dispose();
  }
}

async function startOuter(files: readonly UploadedModule[]): Promise<Pick<RunningWorker, 'url' | 'dispose'>> {
  const compatibilityDate = (await readWorkerConfig()).compatibility_date!;
  const miniflare = startMiniflare({
    compatibilityDate,
    modulesRoot: '/',
    modules: [
      { type: 'ESModule', path: '/outer.js', contents: outer(files, compatibilityDate) },
      ...files.map(({ contents }, i) => ({ type: 'Data' as const, path: `/${i}.bin`, contents })),
    ],
    workerLoaders: { LOADER: {} },
    // Past Miniflare's proxy, which takes longer than an empty Worker.
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    cf: false,
    // Otherwise the Worker's log goes to stdout. A block body, because Miniflare refuses a handler that
    // returns a value.
    handleStructuredLogs: () => {},
  });
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL();
  for (let i = 0; i < 3; i++) await (await fetch(url)).text();
  return { url, dispose: () => miniflare.dispose() };
}
