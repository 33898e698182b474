/** The bucket of models: R2's binding, its S3 API, or a dry run of either. */

export interface ObjectInfo {
  /** Changes whenever the content does. */
  readonly etag: string;
  /** Time by the clock of the store. */
  readonly uploaded: Date;
}

export interface StoredObject extends ObjectInfo {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * A precondition of a write, with one of both members; `etagDoesNotMatch: '*'` requires that there is no such
 * object.
 */
export interface WriteCondition {
  readonly etagMatches?: string;
  readonly etagDoesNotMatch?: string;
}

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter?: string;
}

export interface ObjectListing {
  readonly objects: readonly { readonly key: string }[];
  readonly delimitedPrefixes: readonly string[];
}

export interface ModelBucket {
  /**
   * Writes an object. Returns null if the condition does not hold; rejects if the value has another sha256.
   */
  put(
    key: string,
    value: Uint8Array | string,
    options?: { onlyIf?: WriteCondition; sha256?: string },
  ): Promise<ObjectInfo | null>;
  get(key: string): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectInfo | null>;
  delete(key: string): Promise<void>;
  /**
   * Lists up to 1000 keys with the prefix. Keys with a delimiter after it are grouped into
   * `delimitedPrefixes`.
   */
  list(options: ListOptions): Promise<ObjectListing>;
}
