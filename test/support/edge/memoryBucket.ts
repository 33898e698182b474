/** A bucket in memory that can fail in the ways that storage fails. */
import { createHash } from 'node:crypto';
import type { Bucket, ObjectWithBody } from '../../../edge/models/bucket.ts';
import type { ModelBucket, ObjectListing, StoredObject } from '../../../scripts/store/bucket.ts';

type MemoryObject = ObjectWithBody & StoredObject;

const FAULTS = {
  throws: () => Promise.reject(new Error('internal error; please try again')),
  hangs: () => new Promise<never>(() => undefined),
  'hangs in the body': (object: MemoryObject) =>
    Promise.resolve({ ...object, arrayBuffer: () => new Promise<never>(() => undefined) }),
  'breaks off': (object: MemoryObject) =>
    Promise.resolve({ ...object, arrayBuffer: () => Promise.reject(new Error('connection lost')) }),
  truncates: (object: MemoryObject) =>
    Promise.resolve({
      ...object,
      arrayBuffer: async () => (await object.arrayBuffer()).slice(0, object.size / 2),
    }),
} satisfies Record<string, (object: MemoryObject) => Promise<MemoryObject>>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

export interface MemoryBucket extends Bucket, ModelBucket {
  /** Fault of every read of a key that `isFaulty` accepts. */
  fault: Fault | undefined;
  isFaulty: (key: string) => boolean;
  /** Keys that were read, in order; `list` for a list. */
  readonly reads: string[];
  get(key: string, options?: { onlyIf: { etagDoesNotMatch: string } }): Promise<MemoryObject | null>;
  list(options: {
    readonly cursor?: string;
  }): Promise<
    ObjectListing & { delimitedPrefixes: string[] } & (
        | { truncated: false }
        | { truncated: true; cursor: string }
      )
  >;
}

/** `page` is the number of folders that are listed at a time; a bucket of R2 lists up to 1000. */
export function memoryBucket(page = 1000): MemoryBucket {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const etagOf = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
  const uploaded = new Date();
  return {
    fault: undefined,
    isFaulty: () => true,
    reads: [],
    async put(key, value, { onlyIf } = {}) {
      if (onlyIf && objects.has(key)) return null;
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value);
      objects.set(key, bytes);
      return { etag: etagOf(bytes), uploaded };
    },
    async get(key, options) {
      this.reads.push(key);
      const bytes = objects.get(key);
      const etag = bytes && etagOf(bytes);
      const head = { etag: etag ?? '', size: bytes?.length ?? 0, uploaded };
      const object: MemoryObject = {
        ...head,
        body: new ReadableStream(),
        arrayBuffer: async () => bytes!.slice().buffer,
      };
      if (this.fault && this.isFaulty(key)) return FAULTS[this.fault](object);
      if (!bytes) return null;
      // Like R2, returns an unchanged object without its body.
      return options?.onlyIf.etagDoesNotMatch === etag ? (head as MemoryObject) : object;
    },
    async list({ cursor = '0' } = {}) {
      this.reads.push('list');
      if (this.fault === 'throws' || this.fault === 'hangs') await FAULTS[this.fault]();
      const prefixes = new Set([...objects.keys()].map((key) => `${key.split('/')[0]}/`));
      const end = Number(cursor) + page;
      const listed = { objects: [], delimitedPrefixes: [...prefixes].slice(Number(cursor), end) };
      if (prefixes.size <= end) return { ...listed, truncated: false };
      return { ...listed, truncated: true, cursor: `${end}` };
    },
    head: async (key) => {
      const bytes = objects.get(key);
      return bytes === undefined ? null : { etag: etagOf(bytes), uploaded };
    },
    delete: async (key) => {
      objects.delete(key);
    },
  };
}
