/** `npm run retrain` as a process of its own, against a store that a test may step into and a Worker that serves from it. */

import type { VersionedBucket } from '../../scripts/store/bucket.ts';
import { serveS3 } from '../../scripts/store/s3Server.ts';
import { serveLocally } from '../../scripts/worker/local.ts';
import { type Running, start } from './cli.ts';
import { type S3Proxy, s3Proxy } from './s3Proxy.ts';

export interface RetrainBench {
  /** Of workerd: what is there, whatever the proxy does. */
  readonly bucket: VersionedBucket;
  readonly proxy: S3Proxy;
  /** What says so to a command. */
  readonly environment: NodeJS.ProcessEnv;
  /** `--target cloudflare`, whose store and Worker are those of this bench. */
  run(folder: string, flags: readonly string[]): Running;
  dispose(): Promise<void>;
}

const KEY = 'test-key';
export const SECRET = 'never-to-be-printed';

export async function retrainBench(): Promise<RetrainBench> {
  const worker = await serveLocally([], { runtime: 'stock', log: () => undefined });
  const bucket = (await worker.bucket()) as VersionedBucket;
  const store = await serveS3(bucket, KEY);
  const proxy = await s3Proxy(store.url);
  const environment = {
    ...process.env,
    ...{ CLOUDFLARE_ACCOUNT_ID: 'test', R2_ENDPOINT: proxy.url, LATENTEDGE_URL: worker.url.href },
    ...{ R2_ACCESS_KEY_ID: KEY, R2_SECRET_ACCESS_KEY: SECRET, CLOUDFLARE_API_TOKEN: SECRET },
  };
  return {
    ...{ bucket, proxy, environment },
    run: (folder, flags) => {
      const own = ['--target', 'cloudflare', '--release', 'aliases', '--threads', '1'];
      return start('retrain', ['rain', ...own, ...flags], folder, environment);
    },
    dispose: async () => {
      await proxy.close();
      await store.close();
      await worker.dispose();
    },
  };
}
