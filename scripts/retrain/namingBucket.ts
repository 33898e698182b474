/** Buckets whose aliases name the versions in production, for commands that bundle models. */
import { existsSync } from 'node:fs';
import { isAccountNamed } from '../store/account.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { BUCKET_FOLDER } from '../worker/bucketFolder.ts';
import { configuredRuntime } from '../worker/runtimes.ts';
import { findModelBucket } from '../worker/wranglerToml.ts';
import { accountBucket } from './targets/cloudflare.ts';
import { localStore } from './targets/localStore.ts';

export interface NamingBucket {
  readonly bucket: ModelBucket;
  /** Description for people. */
  readonly where: string;
  /** Names of the objects with aliases, next to the versions of a model; the first one that exists counts. */
  readonly files: readonly string[];
  /** True for the bucket of an account, from which deployed Workers are built again. */
  readonly isAccount: boolean;
  close(): Promise<void>;
}

/** Opens the bucket of this machine; undefined if there is none yet. */
export async function localNaming(print: (line: string) => void): Promise<NamingBucket | undefined> {
  if (!existsSync(BUCKET_FOLDER)) return undefined;
  const { bucket, close } = await localStore({ serves: false, print });
  return {
    bucket,
    where: `the aliases in ${BUCKET_FOLDER}`,
    files: ['aliases.json'],
    isAccount: false,
    close,
  };
}

/** Opens the account's bucket, if the environment names it, otherwise that of this machine. */
export async function deployedNaming(print: (line: string) => void): Promise<NamingBucket | undefined> {
  if (!isAccountNamed() || (await findModelBucket()) === undefined) return localNaming(print);
  const isFrozen = (await configuredRuntime()) === 'frozen';
  return {
    bucket: await accountBucket(),
    where: "the aliases in the account's bucket",
    // With bundled models, Workers read no aliases: those of bundled models have a file of their own.
    files: isFrozen ? ['deployed.json', 'aliases.json'] : ['aliases.json', 'deployed.json'],
    isAccount: true,
    close: async () => {},
  };
}
