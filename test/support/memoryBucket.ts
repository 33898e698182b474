/** A bucket in memory that can fail in the ways in which storage fails. */
import { createHash } from 'node:crypto';
import type { Bucket, ObjectWithBody } from '../../edge/models/bucket.ts';
import type { ModelBucket } from '../../scripts/store/publish.ts';

const FAULTS = {
  throws: () => Promise.reject(new Error('internal error; please try again')),
  hangs: () => new Promise<never>(() => undefined),
  'hangs in the body': (object: ObjectWithBody) =>
    Promise.resolve({ ...object, arrayBuffer: () => new Promise<never>(() => undefined) }),
  'breaks off': (object: ObjectWithBody) =>
    Promise.resolve({ ...object, arrayBuffer: () => Promise.reject(new Error('connection lost')) }),
  truncates: (object: ObjectWithBody) =>
    Promise.resolve({
      ...object,
      arrayBuffer: async () => (await object.arrayBuffer()).slice(0, object.size / 2),
    }),
} satisfies Record<string, (object: ObjectWithBody) => Promise<ObjectWithBody>>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

export interface MemoryBucket extends Bucket, ModelBucket {
  /** What every read does from now on, of the keys that `isFaulty` picks. */
  fault: Fault | undefined;
  isFaulty: (key: string) => boolean;
  /** Keys that were read, in order; `list` for a list. */
  readonly reads: string[];
  get(key: string, options?: { onlyIf: { etagDoesNotMatch: string } }): Promise<ObjectWithBody | null>;
}

export function memoryBucket(): MemoryBucket {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const etagOf = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
  return {
    fault: undefined,
    isFaulty: () => true,
    reads: [],
    async put(key, value, { onlyIf } = {}) {
      if (onlyIf && objects.has(key)) return null;
      objects.set(key, typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value));
      return {};
    },
    async get(key, options) {
      this.reads.push(key);
      const bytes = objects.get(key);
      const etag = bytes && etagOf(bytes);
      const head = { etag: etag ?? '', size: bytes?.length ?? 0 };
      const object: ObjectWithBody = {
        ...head,
        body: new ReadableStream(),
        arrayBuffer: async () => bytes!.slice().buffer,
      };
      if (this.fault && this.isFaulty(key)) return FAULTS[this.fault](object);
      if (!bytes) return null;
      // As R2 does it: what has not changed has no body.
      return options?.onlyIf.etagDoesNotMatch === etag ? (head as ObjectWithBody) : object;
    },
    async list() {
      this.reads.push('list');
      if (this.fault === 'throws' || this.fault === 'hangs') await FAULTS[this.fault]();
      const prefixes = new Set([...objects.keys()].map((key) => `${key.split('/')[0]}/`));
      return { delimitedPrefixes: [...prefixes], truncated: false };
    },
    head: async (key) => objects.get(key) ?? null,
    delete: async (key) => {
      objects.delete(key);
    },
  };
}
