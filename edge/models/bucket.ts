/** The part of an R2 bucket used here. */

export interface ObjectHead {
  readonly etag: string;
  readonly size: number;
}

export interface ObjectWithBody extends ObjectHead {
  readonly body: ReadableStream<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface Bucket {
  /** Resolves to null for a missing object, and to one without a body if the condition does not hold. */
  get(
    key: string,
    options?: { onlyIf: { etagDoesNotMatch: string } },
  ): Promise<ObjectWithBody | ObjectHead | null>;
  list(options: {
    delimiter: string;
    cursor?: string;
  }): Promise<{ delimitedPrefixes: string[] } & ({ truncated: false } | { truncated: true; cursor: string })>;
}

export interface StoredBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/**
 * Reads a whole object; undefined for a missing object, `unchanged` for one that still has this `etag`.
 * @throws {Error} if it has more than `limit` bytes, without reading them.
 */
export async function readObject(
  bucket: Bucket,
  key: string,
  { limit, etag }: { readonly limit: number; readonly etag?: string | undefined },
): Promise<StoredBytes | 'unchanged' | undefined> {
  const object = await bucket.get(
    key,
    etag === undefined ? undefined : { onlyIf: { etagDoesNotMatch: etag } },
  );
  if (object === null) return undefined;
  if (!('body' in object)) return 'unchanged';
  if (object.size > limit) {
    await object.body.cancel();
    throw new Error(`${key}: expected up to ${limit} bytes, received ${object.size}`);
  }
  return { bytes: new Uint8Array(await object.arrayBuffer()), etag: object.etag };
}

/** Lists the top-level folders of a bucket. */
export async function topFolders(bucket: Bucket): Promise<string[]> {
  const folders: string[] = [];
  let page = await bucket.list({ delimiter: '/' });
  for (;;) {
    folders.push(...page.delimitedPrefixes.map((prefix) => prefix.slice(0, -1)));
    if (!page.truncated) return folders;
    page = await bucket.list({ delimiter: '/', cursor: page.cursor });
  }
}
