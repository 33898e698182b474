/** By default, the account is asked: whoever has only a bucket on this machine may not know that. */
import { existsSync } from 'node:fs';
import { InputError } from '../../shared/errors.ts';
import { BUCKET_FOLDER } from '../worker/bucketFolder.ts';
import { given } from './again.ts';
import type { TargetName } from './targets/registry.ts';

/** Tells the same command on the bucket of this machine; undefined where there is none, or it was asked. */
export function localHint(target: string): string | undefined {
  if (target === 'local' || !existsSync(BUCKET_FOLDER)) return undefined;
  // The last of two flags counts.
  return `for the bucket of this machine, ${BUCKET_FOLDER}: ${given('deploy').line} --target local`;
}

/** Returns the error with that hint, unless it tells what to do next. */
export function withLocalHint(error: unknown, target: TargetName): unknown {
  const next = localHint(target);
  if (next === undefined || !(error instanceof InputError) || error.next !== null) return error;
  return new InputError(error.message, { cause: error.cause, next });
}
