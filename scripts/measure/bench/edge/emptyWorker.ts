/** The least that a Worker can be: what starting an isolate and answering cost by themselves. */
import { startMiniflare } from '../../../worker/supervisor.ts';
import type { RunningWorker } from '../../../worker/worker.ts';
import { readWorkerConfig } from '../../../worker/wranglerConfig.ts';
import type { UploadedModule } from './coldStart.ts';

const SOURCE = 'export default { fetch: async (request) => new Response(await request.arrayBuffer()) };';

export const EMPTY_WORKER: readonly UploadedModule[] = [
  { name: 'index.js', type: 'ESModule', contents: Buffer.from(SOURCE) },
];

/** Runs it in a workerd of its own; `url` is past Miniflare's proxy. */
export async function startEmpty(): Promise<Pick<RunningWorker, 'url' | 'dispose'>> {
  const miniflare = startMiniflare({
    ...{ modules: true, script: SOURCE, cf: false },
    compatibilityDate: (await readWorkerConfig()).compatibility_date!,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  });
  await miniflare.ready;
  return { url: await miniflare.unsafeGetDirectURL(), dispose: () => miniflare.dispose() };
}
