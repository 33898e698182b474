import { InputError } from '../../shared/errors.ts';
import type { ObjectInfo } from './bucket.ts';

/** The code for it in the S3 API of a local bucket; R2 and S3 have none. */
export const DAMAGED = 'DamagedObject';

/** An object of which the store has lost bytes, or holds others; not a store that fails. */
export class DamagedObjectError extends InputError {
  /** As the store still knows it, so that it can be replaced. */
  readonly info: ObjectInfo;

  constructor(key: string, info: ObjectInfo, cause: unknown) {
    super(`${key} is damaged: the store knows it, but does not give all of its bytes`, { cause });
    this.info = info;
  }
}
