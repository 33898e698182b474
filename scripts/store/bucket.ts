/** A bucket of models whose objects change only where nobody else has changed them: R2's binding, or its S3 API. */
import type { ModelBucket } from './publish.ts';

export interface ObjectInfo {
  /** Another one for every other content. */
  readonly etag: string;
  /** By the clock of the store. */
  readonly uploaded: Date;
}

export interface StoredObject extends ObjectInfo {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** One of both: `etagDoesNotMatch: '*'` is that there is no such object. */
export interface Condition {
  readonly etagMatches?: string;
  readonly etagDoesNotMatch?: string;
}

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter?: string;
}

export interface Listed {
  readonly objects: readonly { readonly key: string }[];
  readonly delimitedPrefixes: readonly string[];
}

export interface VersionedBucket extends ModelBucket {
  /** Null where the condition does not hold; rejects where the value does not have the given sha256. */
  put(
    key: string,
    value: Uint8Array | string,
    options?: { onlyIf?: Condition; sha256?: string },
  ): Promise<ObjectInfo | null>;
  get(key: string): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectInfo | null>;
  /** Up to 1000 keys that begin so; with a delimiter, those that have it further on are only listed up to it. */
  list(options: ListOptions): Promise<Listed>;
}
