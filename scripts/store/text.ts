/** Texts in a bucket that several processes may change. */
import type { VersionedBucket } from './bucket.ts';

export interface StoredText {
  readonly text: string;
  readonly etag: string;
  /** By the clock of the store. */
  readonly uploaded: Date;
}

export async function readText(bucket: VersionedBucket, key: string): Promise<StoredText | undefined> {
  const object = await bucket.get(key);
  if (object === null) return undefined;
  const text = new TextDecoder().decode(await object.arrayBuffer());
  return { text, etag: object.etag, uploaded: object.uploaded };
}

/**
 * Compare-and-swap: writes a text if the object still is the one with `etag`, or is not there where that is undefined. Answers
 * the new etag; undefined where someone else was faster.
 */
export async function replaceText(
  bucket: VersionedBucket,
  key: string,
  text: string,
  etag: string | undefined,
): Promise<string | undefined> {
  const onlyIf = etag === undefined ? { etagDoesNotMatch: '*' } : { etagMatches: etag };
  const written = await bucket.put(key, text, { onlyIf });
  if (written !== null) return written.etag;
  // A write whose answer was lost is sent again, and then finds itself.
  const now = await readText(bucket, key);
  return now?.text === text ? now.etag : undefined;
}
