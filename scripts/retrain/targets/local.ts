/** This machine: the bucket in artifacts/.bucket, and the Worker that serves from it. */

import { dirname, join } from 'node:path';
import { InputError } from '../../../shared/errors.ts';
import { dryBucket } from '../../store/dryBucket.ts';
import { BUCKET_FOLDER } from '../../worker/bucketFolder.ts';
import { isServed } from '../keys.ts';
import { liveWorker, NOWHERE } from '../live.ts';
import { aliasRelease } from '../release/aliases.ts';
import { dryWorker } from './dryWorker.ts';
import { type LocalStore, localStore, READ_WAIT } from './localStore.ts';
import { promotedHere } from './promotedHere.ts';
import { requireAccess, requireWorker } from './requireWorker.ts';
import type { Target, TargetOptions } from './target.ts';

/** Next to the bucket. */
const PROMOTED_FOLDER = join(dirname(BUCKET_FOLDER), '.promoted');

/**
 * Uses `npm run serve` if it is running; otherwise, if a Worker is needed, starts one for the lifetime of the
 * process.
 */
export async function localTarget({
  url,
  dryRun,
  answersFrom,
  serves,
  reads = false,
  makes = !reads,
  print,
}: TargetOptions): Promise<Target> {
  if (answersFrom === 'analytics')
    throw new InputError(
      '--answers-from analytics: expected --target cloudflare, which has Analytics Engine',
    );
  if (url !== undefined && serves) await requireWorker(url);
  const local = await localStore({ serves, reads, makes, print });
  const address = url ?? local.url;
  const key = process.env.LATENTEDGE_API_KEY ?? (url ? undefined : local.key);
  if (address !== undefined && serves && !dryRun) {
    await requireAccess(address, key).catch(async (error: unknown) => {
      await local.close();
      throw error;
    });
  }
  if (address !== undefined && serves) print(`serving: ${address}`);
  return targetOf(local, { address, key, reads, dryRun, print });
}

interface Described extends Pick<TargetOptions, 'reads' | 'dryRun' | 'print'> {
  readonly address: string | undefined;
  readonly key: string | undefined;
}

function targetOf(local: LocalStore, { address, key, reads, dryRun, print }: Described): Target {
  const { copy, missing } = local;
  const here = promotedHere(PROMOTED_FOLDER);
  const live = liveWorker(address ?? NOWHERE, key, reads ? READ_WAIT : undefined);
  const bucket = dryRun ? dryBucket(local.bucket, print, isServed) : local.bucket;
  const worker = dryRun ? dryWorker(live, print) : live;
  return {
    name: 'local',
    bucket,
    rows: local.rows,
    live: worker,
    release: aliasRelease(address === undefined ? undefined : worker),
    hasIsolates: local.runtime === 'dynamic',
    promotedHere: dryRun ? { ...here, note: async () => {} } : here,
    ...(missing !== undefined && { missing }),
    ...(copy && {
      copied: async () =>
        targetOf(await copy(), { address: undefined, key: undefined, reads: true, dryRun, print }),
    }),
    close: local.close,
  };
}
