/** Buckets whose aliases name the versions in production, for commands that bundle models. */
import { existsSync } from 'node:fs';
import type { ModelBucket } from '../store/bucket.ts';
import { s3Bucket } from '../store/s3.ts';
import { BUCKET_FOLDER, localBucket } from '../worker/local.ts';
import { configuredRuntime } from '../worker/runtimes.ts';
import { findServing } from '../worker/serving.ts';
import { findModelBucket } from '../worker/wranglerToml.ts';
import { accountBucket, isAccountNamed } from './targets/cloudflare.ts';

export interface NamingBucket {
  readonly bucket: ModelBucket;
  /** Description for people. */
  readonly where: string;
  /** Names of the objects with aliases, next to the versions of a model; the first one that exists counts. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

/** Opens the bucket of this machine; undefined if there is none yet, or the Worker reads none. */
export async function localNaming(): Promise<NamingBucket | undefined> {
  if (!existsSync(BUCKET_FOLDER) || (await findModelBucket()) === undefined) return undefined;
  const serving = await findServing();
  const { bucket, close } =
    serving === undefined
      ? await localBucket()
      : { bucket: s3Bucket({ ...serving.bucket, secretAccessKey: 'local' }), close: async () => {} };
  return { bucket, where: `the aliases in ${BUCKET_FOLDER}`, files: ['aliases.json'], close };
}

/** Opens the account's bucket, if the environment names it, otherwise that of this machine. */
export async function deployedNaming(): Promise<NamingBucket | undefined> {
  if (!isAccountNamed() || (await findModelBucket()) === undefined) return localNaming();
  const isFrozen = (await configuredRuntime()) === 'frozen';
  return {
    bucket: await accountBucket(),
    where: "the aliases in the account's bucket",
    // With bundled models, Workers read no aliases: those of bundled models have a file of their own.
    files: isFrozen ? ['deployed.json', 'aliases.json'] : ['aliases.json', 'deployed.json'],
    close: async () => {},
  };
}
