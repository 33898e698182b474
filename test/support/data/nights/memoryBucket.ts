/** A bucket in memory: for simulations of many nights, in which R2's emulator takes most of the time. */
import { createHash } from 'node:crypto';
import type { ModelBucket, ObjectInfo } from '../../../../scripts/store/bucket.ts';

export function memoryBucket(): ModelBucket {
  const objects = new Map<string, ObjectInfo & { readonly bytes: Uint8Array<ArrayBuffer> }>();
  return {
    put: async (key, value, { onlyIf = {} } = {}) => {
      const known = objects.get(key);
      if (onlyIf.etagDoesNotMatch === '*' && known !== undefined) return null;
      if (onlyIf.etagMatches !== undefined && known?.etag !== onlyIf.etagMatches) return null;
      const bytes = Uint8Array.from(typeof value === 'string' ? new TextEncoder().encode(value) : value);
      const etag = createHash('md5').update(bytes).digest('hex');
      objects.set(key, { etag, uploaded: new Date(), bytes });
      return objects.get(key)!;
    },
    get: async (key) => {
      const known = objects.get(key);
      return known === undefined ? null : { ...known, arrayBuffer: async () => known.bytes.buffer };
    },
    head: async (key) => objects.get(key) ?? null,
    delete: async (key) => {
      objects.delete(key);
    },
    list: async ({ prefix }) => ({
      objects: [...objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key })),
      delimitedPrefixes: [],
    }),
  };
}
