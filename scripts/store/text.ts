/** Texts in a bucket that several processes may change. */
import type { ModelBucket, ObjectInfo } from './bucket.ts';
import { DamagedObjectError } from './damagedObject.ts';

export interface StoredText extends ObjectInfo {
  /** Empty if the object is damaged. */
  readonly text: string;
  readonly damage?: DamagedObjectError;
}

/** Reads a text; undefined if there is no such object. */
export async function readText(bucket: ModelBucket, key: string): Promise<StoredText | undefined> {
  try {
    const object = await bucket.get(key);
    if (object === null) return undefined;
    const text = new TextDecoder().decode(await object.arrayBuffer());
    return { text, etag: object.etag, uploaded: object.uploaded };
  } catch (damage) {
    if (!(damage instanceof DamagedObjectError)) throw damage;
    return { ...damage.info, text: '', damage };
  }
}

/**
 * Compare-and-swap: writes a text if the object still has `etag` or, if that is undefined, does not exist.
 * Returns the new etag, or undefined if another process was faster.
 */
export async function replaceText(
  bucket: ModelBucket,
  key: string,
  text: string,
  etag: string | undefined,
): Promise<string | undefined> {
  const onlyIf = etag === undefined ? { etagDoesNotMatch: '*' } : { etagMatches: etag };
  const written = await bucket.put(key, text, { onlyIf });
  if (written !== null) return written.etag;
  // A write whose response was lost is repeated, and then finds its own text.
  const now = await readText(bucket, key);
  return now?.text === text ? now.etag : undefined;
}
