/** From an isolate that does not exist to its first answer. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { uploadedFiles, type WorkerBuild } from '../../lib/worker.ts';
import { readWorkerConfig } from '../../lib/wranglerConfig.ts';
import { type Measurement, measurement } from '../report.ts';
import { type ColdRequest, millisecondsToAnswer } from './coldRequest.ts';

/**
 * Runs inside workerd: starts the Worker under test in a new isolate when it is asked for, and hands it the request. A Worker that is
 * started by configuration is evaluated before it can be reached, which would hide what that takes.
 */
const outer = (files: readonly string[], compatibilityDate: string) => `
  ${files.map((_, i) => `import file${i} from './${i}.bin';`).join('\n')}
  const kinds = {
    '.js': (data) => ({ js: new TextDecoder().decode(data) }),
    '.wasm': (wasm) => ({ wasm }),
  };
  const modules = [${files.map((file, i) => `[${JSON.stringify(file)}, ${JSON.stringify(extname(file))}, file${i}]`)}];
  const start = () => ({
    compatibilityDate: '${compatibilityDate}',
    mainModule: 'index.js',
    modules: Object.fromEntries(modules.map(([file, kind, data]) => [file, kinds[kind]?.(data) ?? { data }])),
    env: {},
  });
  export default {
    fetch(request, { LOADER }) {
      if (request.method === 'GET') return new Response('ready');
      return LOADER.get('worker', start).getEntrypoint().fetch(request);
    },
  };`;

/**
 * Milliseconds until the first request to a new isolate is answered, each in a workerd of its own that has answered another
 * Worker's request before.
 */
export async function coldStart(
  name: string,
  build: WorkerBuild,
  request: ColdRequest,
  starts = 10,
): Promise<Measurement> {
  const files = await uploadedFiles(build.directory);
  const contents = await Promise.all(files.map((file) => readFile(join(build.directory, file))));
  const times: number[] = [];
  for (let i = 0; i < starts; i++) times.push(await coldMilliseconds(files, contents, request));
  return measurement(`cold-start/${name}`, 'ms', times);
}

async function coldMilliseconds(
  files: readonly string[],
  contents: readonly Buffer[],
  request: ColdRequest,
): Promise<number> {
  const { Miniflare } = await import('miniflare');
  const compatibilityDate = (await readWorkerConfig()).compatibility_date!;
  const miniflare = new Miniflare({
    compatibilityDate,
    modulesRoot: '/',
    modules: [
      { type: 'ESModule', path: '/outer.js', contents: outer(files, compatibilityDate) },
      ...contents.map((data, i) => ({ type: 'Data' as const, path: `/${i}.bin`, contents: data })),
    ],
    workerLoaders: { LOADER: {} },
    cf: false,
  });
  try {
    const url = await miniflare.ready;
    for (let i = 0; i < 3; i++) await (await fetch(url)).text();
    return await millisecondsToAnswer(url, request);
  } finally {
    await miniflare.dispose();
  }
}
