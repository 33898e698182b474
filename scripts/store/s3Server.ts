/**
 * A local bucket behind R2's S3 API, through which other processes on this machine use the bucket of a
 * running Worker.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StorageError } from '../../shared/errors.ts';
import { sha256 } from '../../training/artifact/artifact.ts';
import type { ByteStream, ListOptions, ModelBucket, ObjectInfo, WriteCondition } from './bucket.ts';
import { DAMAGED, DamagedObjectError } from './damagedObject.ts';

export interface S3Server {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the bucket on a free port of 127.0.0.1. Requests must name the access key. Signatures are not
 * checked: whoever knows the key can read the file that also holds the bucket's address.
 */
export async function serveS3(bucket: ModelBucket, accessKeyId: string): Promise<S3Server> {
  const server = createServer((request, response) => {
    answer(bucket, accessKeyId, request, response).catch((error: unknown) => {
      // A client that went away, or an object that broke off, which a client sees by the missing bytes.
      if (response.headersSent) response.destroy();
      else if (error instanceof DamagedObjectError) {
        const body = `<Error><Code>${DAMAGED}</Code></Error>`;
        send(response, 422, headersOf(error.info), body);
      } else if (error instanceof StorageError) fail(response, 507, 'InsufficientStorage', error.message);
      else fail(response, 500, 'InternalError', String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/models`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  bucket: ModelBucket,
  accessKeyId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
  // A presigned address holds what otherwise is in the header.
  const credential = searchParams.get('X-Amz-Credential') ?? request.headers.authorization ?? '';
  if (!`Credential=${credential}`.includes(`Credential=${accessKeyId}/`)) {
    return fail(response, 403, 'InvalidAccessKeyId', 'the access key is wrong');
  }
  const [, , ...parts] = pathname.split('/');
  const key = decodeURIComponent(parts.join('/'));
  const method = METHODS[request.method ?? ''];
  if (method === undefined) return fail(response, 405, 'MethodNotAllowed', `${request.method}`);
  await method({ bucket, key, query: searchParams, request, response });
}

interface S3Call {
  readonly bucket: ModelBucket;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const METHODS: Readonly<Record<string, (call: S3Call) => Promise<void>>> = {
  GET: async ({ bucket, key, query, response }) => {
    if (key === '') {
      const { objects, delimitedPrefixes, cursor } = await bucket.list(listOptions(query));
      const keys = objects.map((each) => `<Contents><Key>${each.key}</Key></Contents>`);
      const folders = delimitedPrefixes.map(
        (each) => `<CommonPrefixes><Prefix>${each}</Prefix></CommonPrefixes>`,
      );
      const next = cursor === undefined ? [] : [`<NextContinuationToken>${cursor}</NextContinuationToken>`];
      const result = [...next, ...keys, ...folders].join('');
      return send(response, 200, {}, `<ListBucketResult>${result}</ListBucketResult>`);
    }
    const object = await opened(bucket, key);
    if (object === null) return fail(response, 404, 'NoSuchKey', key);
    response.writeHead(200, { ...headersOf(object), 'Content-Length': object.bytes });
    // It may be larger than memory.
    await pipeline(Readable.fromWeb(object.body as NodeStream), response);
  },
  HEAD: async ({ bucket, key, response }) => {
    const object = await bucket.head(key);
    send(response, object === null ? 404 : 200, object === null ? {} : headersOf(object));
  },
  POST: async ({ bucket, key, query, request, response }) => {
    if (query.has('uploads')) {
      const uploadId = await bucket.large!.create(key);
      const result = `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`;
      return send(response, 200, {}, result);
    }
    const xml = new TextDecoder().decode(await bodyOf(request));
    const parts = [...xml.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"?([^"<]*)"?<\/ETag>/g)];
    await bucket.large!.complete(
      key,
      query.get('uploadId')!,
      parts.map(([, partNumber, etag]) => ({ partNumber: Number(partNumber), etag: etag! })),
    );
    send(response, 200, {}, '<CompleteMultipartUploadResult/>');
  },
  PUT: async ({ bucket, key, query, request, response }) => {
    const partNumber = query.get('partNumber');
    if (partNumber !== null) {
      const content = {
        bytes: Number(request.headers['content-length']),
        body: Readable.toWeb(request) as ByteStream['body'],
      };
      const { etag } = await bucket.large!.part(key, query.get('uploadId')!, Number(partNumber), content);
      return send(response, 200, { ETag: `"${etag}"` });
    }
    const body = await bodyOf(request);
    if (sha256(body) !== request.headers['x-amz-content-sha256']) {
      return fail(response, 400, 'XAmzContentSHA256Mismatch', 'the body was altered on the way');
    }
    const onlyIf = conditionOf(request);
    const written = await bucket.put(key, body, onlyIf && { onlyIf });
    if (written === null) return fail(response, 412, 'PreconditionFailed', key);
    send(response, 200, headersOf(written));
  },
  DELETE: async ({ bucket, key, response }) => {
    await bucket.delete(key);
    send(response, 204, {});
  },
};

type NodeStream = Parameters<typeof Readable.fromWeb>[0];

/** Opens an object; one of a bucket in this process is in memory anyway. */
async function opened(bucket: ModelBucket, key: string): Promise<(ObjectInfo & ByteStream) | null> {
  if (bucket.large) return bucket.large.read(key);
  const object = await bucket.get(key);
  if (object === null) return null;
  const content = new Blob([await object.arrayBuffer()]);
  return { etag: object.etag, uploaded: object.uploaded, bytes: content.size, body: content.stream() };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

function listOptions(query: URLSearchParams): ListOptions {
  const [delimiter, cursor] = [query.get('delimiter'), query.get('continuation-token')];
  return { prefix: query.get('prefix') ?? '', ...(delimiter && { delimiter }), ...(cursor && { cursor }) };
}

function conditionOf({ headers }: IncomingMessage): WriteCondition | undefined {
  const { 'if-match': match, 'if-none-match': none } = headers;
  if (match !== undefined) return { etagMatches: match.replaceAll('"', '') };
  return none === undefined ? undefined : { etagDoesNotMatch: none.replaceAll('"', '') };
}

function headersOf({ etag, uploaded }: ObjectInfo): Record<string, string> {
  return { ETag: `"${etag}"`, 'Last-Modified': new Date(uploaded).toUTCString() };
}

function send(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body?: string | Uint8Array,
): void {
  response.writeHead(status, headers).end(body);
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, {}, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}
