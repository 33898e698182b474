/** The built Worker with a bucket whose reads can be made to fail, by an object in it. */
import type { WorkerdStructuredLog, WorkerOptions } from 'miniflare';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import type { WorkerBuild } from '../../../scripts/worker/build.ts';
import { startMiniflare } from '../../../scripts/worker/supervisor.ts';
import { workerOptions } from '../../../scripts/worker/worker.ts';
import { fetchFresh } from './fetchFresh.ts';

/** Runs inside the Worker: a bucket in front of the real one. */
const FAULTY_BUCKET = `
  export default function ({ BUCKET }) {
    const faults = {
      throws: () => { throw new Error('internal error; please try again') },
      hangs: () => new Promise(() => {}),
      truncates: (object) => object && { etag: object.etag, size: object.size, body: object.body,
        arrayBuffer: async () => (await object.arrayBuffer()).slice(0, object.size / 2) },
      none: (object) => object,
    };
    const fault = async () => faults[(await (await BUCKET.get('fault'))?.text()) ?? 'none'];
    return {
      get: async (key, options) => (await fault())(await BUCKET.get(key, options)),
      list: async (options) => (await fault())(await BUCKET.list(options)),
    };
  }`;

export interface FaultyWorker {
  readonly bucket: ModelBucket;
  readonly logs: readonly string[];
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  dispose(): Promise<void>;
}

/** @param changes Options in place of those of wrangler.toml. */
export async function faultyWorker(
  build: WorkerBuild,
  variables: Readonly<Record<string, string>>,
  changes: Partial<Pick<WorkerOptions, 'workerLoaders'>> = {},
): Promise<FaultyWorker> {
  const worker = { ...(await workerOptions(build, variables)), r2Buckets: [], ...changes };
  const logs: string[] = [];
  const miniflare = startMiniflare({
    cf: false,
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
      logs.push(message);
    },
    workers: [
      { ...worker, wrappedBindings: { MODELS: 'faulty-bucket' } },
      { name: 'faulty-bucket', modules: true, script: FAULTY_BUCKET, r2Buckets: ['BUCKET'] },
      // A wrapped binding is no Worker that could be asked for its bucket.
      { name: 'owner', modules: true, script: 'export default {}', r2Buckets: ['BUCKET'] },
    ],
  });
  const url = await miniflare.ready;
  return {
    bucket: (await miniflare.getR2Bucket('BUCKET', 'owner')) as unknown as ModelBucket,
    logs,
    get: (path, headers = {}) => fetchFresh(new URL(path, url), { headers }),
    post: (path, body, headers = {}) =>
      fetchFresh(new URL(path, url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    dispose: () => miniflare.dispose(),
  };
}
