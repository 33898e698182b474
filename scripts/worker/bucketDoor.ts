/**
 * A second Worker next to the main one, through which this process uses their buckets. Miniflare's `getR2Bucket` blocks
 * the thread for each property of an object that it returns, and on a busy machine may take one answer for the next,
 * from then on for all of them.
 */
import { randomUUID } from 'node:crypto';
import type { Miniflare, MiniflareOptions, WorkerOptions } from 'miniflare';
import { StorageError } from '../../shared/errors.ts';
import type { ModelBucket, ObjectInfo, ObjectListing } from '../store/bucket.ts';
import { DamagedObjectError } from '../store/damagedObject.ts';
import { FULL } from './workerdLog.ts';

const NAME = 'latentedge-bucket-door';

/** Bytes of an object that is read before it is answered, so that it is not found damaged in the middle of an answer. */
const WHOLE = 1_000_000;

/** Runs in workerd. What it is asked is JSON in a header, since keys may hold anything. */
const SCRIPT = `
const infoOf = ({ etag, uploaded, size }) => ({ etag, uploaded, size });
// R2 takes streams of a known length only.
const sized = (request, bytes) => request.body.pipeThrough(new FixedLengthStream(bytes));
const headed = (object, body = null) =>
  object === null ? new Response(null, { status: 404 })
  : new Response(body, { headers: { 'X-Info': JSON.stringify(infoOf(object)) } });
const CALLS = {
  put: async (bucket, { key, options }, request) => headed(await bucket.put(key, await request.arrayBuffer(), options)),
  get: async (bucket, { key }) => {
    const object = await bucket.get(key);
    // One whose file is gone is as none, but the database still knows it.
    const info = object ?? (await bucket.head(key));
    if (info === null || (object !== null && object.size > ${WHOLE})) return headed(object, object?.body);
    const bytes = await object?.arrayBuffer().catch(() => undefined);
    if (bytes?.byteLength === info.size) return headed(info, bytes);
    // It may have been deleted, or written again, meanwhile.
    const { etag } = (await bucket.head(key)) ?? {};
    return etag === info.etag ? new Response(null, { status: 422, headers: headed(info).headers }) : headed(null);
  },
  head: async (bucket, { key }) => headed(await bucket.head(key)),
  delete: async (bucket, { key }) => { await bucket.delete(key); return new Response(null); },
  write: async (bucket, { key, bytes }, request) => headed(await bucket.put(key, sized(request, bytes))),
  createUpload: async (bucket, { key }) => Response.json((await bucket.createMultipartUpload(key)).uploadId),
  uploadPart: async (bucket, { key, uploadId, partNumber, bytes }, request) =>
    Response.json(await bucket.resumeMultipartUpload(key, uploadId).uploadPart(partNumber, sized(request, bytes))),
  completeUpload: async (bucket, { key, uploadId, parts }) =>
    headed(await bucket.resumeMultipartUpload(key, uploadId).complete(parts)),
  list: async (bucket, { options }) => {
    const { objects, delimitedPrefixes, cursor } = await bucket.list(options);
    return Response.json({ objects: objects.map(({ key }) => ({ key })), delimitedPrefixes, cursor });
  },
};
export default {
  fetch: (request, { TOKEN, ...buckets }) => {
    if (request.headers.get('Authorization') !== TOKEN) return new Response(null, { status: 403 });
    const { name, binding, ...call } = JSON.parse(decodeURIComponent(request.headers.get('X-Call')));
    return CALLS[name](buckets[binding], call, request).catch((error) => new Response(error.message, { status: 500 }));
  },
};
`;

export interface BucketDoor<Options> {
  /** The options with the door: to start Miniflare with. */
  readonly options: Options;
  /** Opens a bucket, once Miniflare is ready. */
  open(miniflare: Miniflare, binding?: string): Promise<ModelBucket>;
}

/**
 * Adds a door to the buckets of a Worker. The door is on 127.0.0.1, and asks for a token that only this process
 * knows.
 */
export function bucketDoor<Options extends MiniflareOptions & Pick<WorkerOptions, 'r2Buckets'>>(
  options: Options,
): BucketDoor<Options> {
  const token = randomUUID();
  const door = {
    ...{ name: NAME, modules: true, script: SCRIPT, r2Buckets: options.r2Buckets },
    ...{ bindings: { TOKEN: token }, unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] },
  };
  return {
    options: { ...options, workers: [options, door] },
    open: async (miniflare, binding = 'MODELS') =>
      through(await miniflare.unsafeGetDirectURL(NAME), token, binding),
  };
}

function failed(call: string, answer: string): Error {
  if (FULL.test(answer))
    return new StorageError(
      `${call}: the disk of the local bucket is full, or takes no writes: free some space (${answer})`,
    );
  return new Error(`${call}: the local bucket answered ${answer}`);
}

function through(url: URL, token: string, binding: string): ModelBucket {
  const ask = async (
    call: Readonly<Record<string, unknown>>,
    body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  ) => {
    const headers = {
      ...{ Authorization: token, 'X-Call': encodeURIComponent(JSON.stringify({ ...call, binding })) },
      // workerd closes idle connections, which a process that was busy for seconds has not heard of.
      Connection: 'close',
    };
    const init = { method: 'POST', headers, ...(body && { body, duplex: 'half' as const }) };
    const response = await fetch(url, init);
    if (!response.ok && response.status !== 404 && response.status !== 422)
      throw failed(`${call.name} ${call.key ?? ''}`, await response.text());
    return response;
  };
  const foundIn = (response: Response): (ObjectInfo & { readonly bytes: number }) | null => {
    const known = response.headers.get('X-Info');
    if (known === null) return null;
    const { etag, uploaded, size } = JSON.parse(known);
    return { etag, uploaded: new Date(uploaded), bytes: size };
  };
  const requireWhole = (key: string, response: Response): void => {
    if (response.status === 422) throw new DamagedObjectError(key, infoOf(response)!, undefined);
  };
  const infoOf = (response: Response): ObjectInfo | null => {
    const found = foundIn(response);
    return found && { etag: found.etag, uploaded: found.uploaded };
  };
  return {
    put: async (key, value, options = {}) => {
      const body = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value);
      return infoOf(await ask({ name: 'put', key, options }, body));
    },
    get: async (key) => {
      const response = await ask({ name: 'get', key });
      const info = infoOf(response);
      requireWhole(key, response);
      const bytes = await response.arrayBuffer().catch((cause: unknown) => {
        throw info === null ? cause : new DamagedObjectError(key, info, cause);
      });
      return info && { ...info, arrayBuffer: async () => bytes };
    },
    head: async (key) => infoOf(await ask({ name: 'head', key })),
    delete: async (key) => {
      await ask({ name: 'delete', key });
    },
    list: async (options) => (await ask({ name: 'list', options })).json() as Promise<ObjectListing>,
    large: {
      read: async (key) => {
        const response = await ask({ name: 'get', key });
        const found = foundIn(response);
        requireWhole(key, response);
        return found && { ...found, body: response.body! };
      },
      write: async (key, { bytes, body }) => {
        await ask({ name: 'write', key, bytes }, body);
      },
      create: async (key) => (await ask({ name: 'createUpload', key })).json() as Promise<string>,
      part: async (key, uploadId, partNumber, { bytes, body }) => {
        const response = await ask({ name: 'uploadPart', key, uploadId, partNumber, bytes }, body);
        return (await response.json()) as { etag: string };
      },
      complete: async (key, uploadId, parts) => {
        await ask({ name: 'completeUpload', key, uploadId, parts });
      },
    },
  };
}
