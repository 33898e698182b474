/**
 * A bucket for dry runs: reads pass through; writes are printed, and kept in memory so that they can be read
 * back.
 */
import { sha256 } from '../../training/artifact/artifact.ts';
import {
  listAll,
  type ModelBucket,
  type ObjectListing,
  type StoredObject,
  type WriteCondition,
} from './bucket.ts';

interface PendingObject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly uploaded: Date;
}

/** @param isPrinted True for the keys whose writes are printed. */
export function dryBucket(
  bucket: ModelBucket,
  print: (line: string) => void,
  isPrinted: (key: string) => boolean,
): ModelBucket {
  /** Undefined for deleted objects. */
  const changed = new Map<string, PendingObject | undefined>();
  const objectOf = ({ bytes, etag, uploaded }: PendingObject): StoredObject => ({
    ...{ etag, uploaded },
    arrayBuffer: async () => bytes.slice().buffer,
  });
  const head = async (key: string) => (changed.has(key) ? (changed.get(key) ?? null) : bucket.head(key));
  return {
    async put(key, value, { onlyIf } = {}) {
      const now = await head(key);
      const holds =
        (onlyIf?.etagDoesNotMatch === undefined || now === null) &&
        (onlyIf?.etagMatches === undefined || now?.etag === onlyIf.etagMatches);
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value);
      if (isPrinted(key)) print(`would put ${key}, ${bytes.length} bytes${conditionText(onlyIf)}`);
      if (!holds) return null;
      const written = { bytes, etag: sha256(bytes), uploaded: new Date() };
      changed.set(key, written);
      return written;
    },
    async get(key) {
      const written = changed.get(key);
      if (written !== undefined) return objectOf(written);
      return changed.has(key) ? null : bucket.get(key);
    },
    head,
    async delete(key) {
      if (isPrinted(key)) print(`would delete ${key}`);
      changed.set(key, undefined);
    },
    async list({ prefix, delimiter }) {
      const keys = new Set((await listAll(bucket, { prefix })).keys);
      for (const [key, written] of changed) {
        if (written === undefined) keys.delete(key);
        else if (key.startsWith(prefix)) keys.add(key);
      }
      return grouped([...keys].sort(), prefix, delimiter);
    },
  };
}

/** Groups the keys that have a delimiter after the prefix, as a bucket does. */
function grouped(keys: readonly string[], prefix: string, delimiter: string | undefined): ObjectListing {
  const folders = new Set<string>();
  const objects: { key: string }[] = [];
  for (const key of keys) {
    const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    if (end < 0) objects.push({ key });
    else folders.add(key.slice(0, end + delimiter!.length));
  }
  return { objects, delimitedPrefixes: [...folders] };
}

function conditionText(onlyIf: WriteCondition | undefined): string {
  if (onlyIf?.etagMatches !== undefined) return `, if its etag is still ${onlyIf.etagMatches.slice(0, 12)}`;
  return onlyIf?.etagDoesNotMatch === undefined ? '' : ', if it does not exist';
}
