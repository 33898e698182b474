/** A bucket that is read, and that nothing is written to: what would be is printed, and remembered for reading it again. */
import { sha256 } from '../../training/artifact/artifact.ts';
import type { StoredObject, VersionedBucket } from './bucket.ts';

interface Written {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly uploaded: Date;
}

export function dryBucket(bucket: VersionedBucket, print: (line: string) => void): VersionedBucket {
  /** Undefined for what would have been deleted. */
  const changed = new Map<string, Written | undefined>();
  const objectOf = ({ bytes, etag, uploaded }: Written): StoredObject => ({
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
      print(`would put ${key}, ${bytes.length} bytes${conditionOf(onlyIf)}`);
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
      print(`would delete ${key}`);
      changed.set(key, undefined);
    },
    async list({ prefix, delimiter }) {
      const { objects, delimitedPrefixes } = await bucket.list({ prefix, ...(delimiter && { delimiter }) });
      if (delimiter) return { objects, delimitedPrefixes };
      const keys = new Set(objects.map(({ key }) => key));
      for (const [key, written] of changed) {
        if (written === undefined) keys.delete(key);
        else if (key.startsWith(prefix)) keys.add(key);
      }
      return { objects: [...keys].sort().map((key) => ({ key })), delimitedPrefixes };
    },
  };
}

function conditionOf(onlyIf: { etagMatches?: string; etagDoesNotMatch?: string } | undefined): string {
  if (onlyIf?.etagMatches !== undefined) return `, if its etag is still ${onlyIf.etagMatches.slice(0, 12)}`;
  return onlyIf?.etagDoesNotMatch === undefined ? '' : ', if it is not there';
}
