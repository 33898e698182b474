/**
 * The Cloudflare account of the environment: R2 through its S3 API, Workers through wrangler. Never prints
 * secrets.
 */
import { InputError } from '../../../shared/errors.ts';
import { printAside } from '../../cli/printable.ts';
import { accountConnection } from '../../store/account.ts';
import type { ModelBucket } from '../../store/bucket.ts';
import { dryBucket } from '../../store/dryBucket.ts';
import { s3Bucket } from '../../store/s3.ts';
import { configuredRuntime } from '../../worker/runtimes.ts';
import { modelBucketName, rowsBucketName } from '../../worker/wranglerToml.ts';
import { analyticsAnswers } from '../canary/analytics.ts';
import { isServed } from '../keys.ts';
import { accessOf, liveWorker, NOWHERE } from '../live.ts';
import { dryWorkers } from '../release/dryWorkers.ts';
import { RELEASES } from '../release/registry.ts';
import { workersApi } from '../release/workersApi.ts';
import { runWrangler } from '../release/wrangler.ts';
import { dryWorker } from './dryWorker.ts';
import { requireAccess } from './requireWorker.ts';
import type { Target, TargetOptions } from './target.ts';

export async function cloudflareTarget({
  url,
  release,
  replaceCode,
  storeSeconds,
  dryRun,
  answersFrom,
  serves,
  print,
}: TargetOptions): Promise<Target> {
  const stored = await accountBucket(storeSeconds);
  const bucket = dryRun ? dryBucket(stored, print, isServed) : stored;
  const address = url ?? process.env.LATENTEDGE_URL;
  if (address === undefined && serves) {
    throw new InputError('expected the address of the deployed Worker: --url https://..., or LATENTEDGE_URL');
  }
  if (address !== undefined && serves && !dryRun) {
    print(`asking the Worker at ${address}`);
    await requireAccess(address, process.env.LATENTEDGE_API_KEY);
  }
  const worker = liveWorker(address ?? NOWHERE, process.env.LATENTEDGE_API_KEY);
  const live = dryRun ? dryWorker(worker, print) : worker;
  const parts = {
    bucket,
    live: address === undefined ? undefined : live,
    ...(dryRun ? dryWorkers(print) : { wrangler: runWrangler, api: workersApi }),
    replaceCode,
    access: accessOf(address ?? NOWHERE, process.env.LATENTEDGE_API_KEY),
  };
  const runtime = await configuredRuntime();
  const kind = release ?? (runtime === 'frozen' ? 'versions' : 'aliases');
  return {
    ...(release && { givenRelease: release }),
    ...{ name: 'cloudflare', bucket, live, release: await RELEASES[kind].create(parts) },
    rows: async () => openAccountBucket(await rowsBucketName(), storeSeconds),
    hasIsolates: runtime === 'dynamic',
    ...(answersFrom === 'analytics' && { answers: analyticsAnswers }),
    close: async () => {},
  };
}

/** Opens the bucket of models of the account. @throws {InputError} if the environment does not name it. */
export async function accountBucket(patience?: number): Promise<ModelBucket> {
  return openAccountBucket(await modelBucketName(), patience);
}

function openAccountBucket(name: string, patience: number | undefined): ModelBucket {
  return s3Bucket({
    ...accountConnection('--target cloudflare', name),
    ...(patience !== undefined && { patience }),
    print: printAside,
  });
}
