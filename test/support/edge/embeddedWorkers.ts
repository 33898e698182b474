/** Two Workers in workerd: one that serves models inside an app of its own, and one that calls it by a service binding. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Miniflare, WorkerdStructuredLog } from 'miniflare';
import { afterAll, beforeAll, inject } from 'vitest';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { buildWorker } from '../../../scripts/worker/build.ts';
import { startMiniflare } from '../../../scripts/worker/supervisor.ts';
import { workerOptions } from '../../../scripts/worker/worker.ts';
import type { SentAnswer, SentCall } from './embeddedWorker/answer.ts';
import { fetchFresh } from './fetchFresh.ts';

const MAIN = fileURLToPath(new URL('embeddedWorker/index.ts', import.meta.url));

export interface EmbeddedWorkers {
  readonly url: URL;
  readonly logs: readonly string[];
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Calls an operation by an open model of the first Worker, or from the second one. */
  call(door: 'call' | 'rpc', sent: SentCall): Promise<SentAnswer>;
  bucket(): Promise<ModelBucket>;
}

/** Builds and starts both before the file's tests, and stops them after these. */
export function embeddedWorkers(): EmbeddedWorkers {
  const logs: string[] = [];
  let folder = '';
  let miniflare: Miniflare | undefined;
  let url = new URL('http://not-started');
  let callerUrl = url;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latentedge-embedded-'));
    const build = await buildWorker(folder, inject('modelsPath'), MAIN);
    const worker = await workerOptions(build);
    const services = { LATENTEDGE: { name: 'embedded', entrypoint: 'LatentedgeEntrypoint' } };
    const direct = [{ host: '127.0.0.1', port: 0 }];
    miniflare = startMiniflare({
      cf: false,
      handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
        logs.push(message);
      },
      workers: [
        { ...worker, name: 'embedded', unsafeDirectSockets: direct },
        { ...worker, name: 'caller', serviceBindings: services, unsafeDirectSockets: direct },
      ],
    });
    await miniflare.ready;
    url = await miniflare.unsafeGetDirectURL('embedded');
    callerUrl = await miniflare.unsafeGetDirectURL('caller');
  });
  afterAll(async () => {
    await miniflare?.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return url;
    },
    logs,
    request: (path, init) => fetchFresh(new URL(path, url), init),
    call: async (door, sent) => {
      const base = door === 'rpc' ? callerUrl : url;
      const response = await fetchFresh(new URL(`/${door}`, base), {
        method: 'POST',
        body: JSON.stringify(sent),
      });
      return (await response.json()) as SentAnswer;
    },
    bucket: async () => (await miniflare!.getR2Bucket('MODELS', 'embedded')) as unknown as ModelBucket,
  };
}
