/** `npm run retrain` as a separate process, against a store that tests can tamper with and a Worker that serves from it. */

import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { serveS3 } from '../../../scripts/store/s3Server.ts';
import { serveLocally } from '../../../scripts/worker/local.ts';
import { type Running, start } from './cli.ts';
import { type S3Proxy, s3Proxy } from './s3Proxy.ts';

export interface RetrainBench {
  /** The bucket itself, without the proxy. */
  readonly bucket: ModelBucket;
  readonly proxy: S3Proxy;
  /** Environment that directs commands to this store and Worker. */
  readonly environment: NodeJS.ProcessEnv;
  /** Starts a run with `--target cloudflare` against this store and Worker. */
  run(folder: string, flags: readonly string[], environment?: NodeJS.ProcessEnv): Running;
  dispose(): Promise<void>;
}

const KEY = 'test-key';
export const SECRET = 'never-to-be-printed';

export async function retrainBench(): Promise<RetrainBench> {
  const worker = await serveLocally([], { runtime: 'stock', log: () => undefined });
  const bucket = await worker.bucket();
  const store = await serveS3(bucket, KEY);
  const proxy = await s3Proxy(store.url);
  const environment = {
    ...process.env,
    ...{ CLOUDFLARE_ACCOUNT_ID: 'test', R2_ENDPOINT: proxy.url, LATENTEDGE_URL: worker.url.href },
    LATENTEDGE_API_KEY: worker.key,
    ...{ R2_ACCESS_KEY_ID: KEY, R2_SECRET_ACCESS_KEY: SECRET, CLOUDFLARE_API_TOKEN: SECRET },
  };
  return {
    ...{ bucket, proxy, environment },
    run: (folder, flags, others = {}) => {
      const own = ['--target', 'cloudflare', '--release', 'aliases', '--threads', '1'];
      return start('retrain', ['rain', ...own, ...flags], folder, { ...environment, ...others });
    },
    dispose: async () => {
      await proxy.close();
      await store.close();
      await worker.dispose();
    },
  };
}
