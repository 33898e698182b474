/** Time from creating an isolate to its first answer. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { startMiniflare } from '../../../worker/supervisor.ts';
import { type WorkerBuild, workerOptions } from '../../../worker/worker.ts';
import { readWorkerConfig } from '../../../worker/wranglerConfig.ts';
import { type Measurement, measurement } from '../benchReport.ts';
import { type ColdRequest, millisecondsToAnswer } from './coldRequest.ts';

export interface UploadedModule {
  readonly name: string;
  /** Module type of wrangler.toml's rules, for instance `CompiledWasm`. */
  readonly type: string;
  readonly contents: Buffer;
}

/**
 * Source of a Worker that starts the Worker under test in a new isolate on the first POST and forwards the
 * request to it. A Worker that is started by configuration is evaluated before it can be reached, which would
 * hide the time that this takes.
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
    mainModule: 'index.js',
    modules: Object.fromEntries(modules.map(([file, kind, data]) => [file, kinds[kind](data)])),
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

async function coldMilliseconds(files: readonly UploadedModule[], request: ColdRequest): Promise<number> {
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
  try {
    await miniflare.ready;
    const url = await miniflare.unsafeGetDirectURL();
    for (let i = 0; i < 3; i++) await (await fetch(url)).text();
    return await millisecondsToAnswer(url, request);
  } finally {
    await miniflare.dispose();
  }
}
