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
  /** Of the previous page; without it, the first one. */
  readonly cursor?: string;
}

export interface ObjectListing {
  readonly objects: readonly { readonly key: string }[];
  readonly delimitedPrefixes: readonly string[];
  /** Set if there are more. */
  readonly cursor?: string | undefined;
}

/** A bucket behind the S3 API. */
export interface BucketConnection {
  /** URL of the bucket, for instance `https://<account>.r2.cloudflarestorage.com/latentedge-models`. */
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Seconds for which a request is repeated while the network or the store fails. Default: 90. */
  readonly patience?: number;
}

export interface ModelBucket {
  /** Access to the same bucket for other threads; undefined for a bucket that only this process has. */
  readonly connection?: BucketConnection;
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
   * Lists a page of the keys with the prefix, up to 1000; `listAll` lists all. Keys with a delimiter after it
   * are grouped into `delimitedPrefixes`.
   */
  list(options: ListOptions): Promise<ObjectListing>;
  /** Only of buckets on this machine. */
  readonly large?: LargeObjects;
}

/** An uploaded part of an object. */
export interface ObjectPart {
  readonly partNumber: number;
  readonly etag: string;
}

/** Bytes that arrive in pieces. */
export interface ByteStream {
  readonly bytes: number;
  readonly body: ReadableStream<Uint8Array>;
}

/** Objects that need not fit into memory: they are read and written as streams, or uploaded in parts. */
export interface LargeObjects {
  read(key: string): Promise<(ObjectInfo & ByteStream) | null>;
  write(key: string, content: ByteStream): Promise<void>;
  /** Returns the id of an upload. */
  create(key: string): Promise<string>;
  part(
    key: string,
    uploadId: string,
    partNumber: number,
    content: ByteStream,
  ): Promise<Pick<ObjectPart, 'etag'>>;
  complete(key: string, uploadId: string, parts: readonly ObjectPart[]): Promise<void>;
}

/** Lists every key with the prefix, page by page, in alphabetical order. */
export async function listAll(
  bucket: Pick<ModelBucket, 'list'>,
  options: Omit<ListOptions, 'cursor'>,
): Promise<{ readonly keys: string[]; readonly delimitedPrefixes: string[] }> {
  const keys: string[] = [];
  const delimitedPrefixes: string[] = [];
  for (let page = await bucket.list(options); ; ) {
    keys.push(...page.objects.map(({ key }) => key));
    delimitedPrefixes.push(...page.delimitedPrefixes);
    if (page.cursor === undefined) return { keys: keys.sort(), delimitedPrefixes };
    page = await bucket.list({ ...options, cursor: page.cursor });
  }
}
