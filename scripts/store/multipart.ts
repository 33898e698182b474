/** Uploads of large files in parts, and downloads, by presigned addresses of the S3 API. */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { InputError } from '../../shared/errors.ts';
import type { BucketConnection, ObjectPart } from './bucket.ts';
import { refusal } from './s3Errors.ts';

const MIB = 1024 * 1024;
/** R2 takes 10,000 parts of one size, of at least 5 MiB. */
const MIN_PART = 16 * MIB;
const MOST_PARTS = 9000;
/** Parts that are on their way at the same time. */
const AT_ONCE = 3;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 200;

/**
 * Uploads a file. A part that fails is sent again.
 * @param onProgress Receives the bytes that are uploaded so far, and all.
 * @throws {InputError} if there is no file, or nothing in it, or the store refuses a part or does not answer.
 *
 * @example
 * await uploadFile(connection, 'november.csv', './november.csv', (done, all) => bar.update(done / all));
 */
export async function uploadFile(
  connection: BucketConnection,
  key: string,
  path: string,
  onProgress: (bytes: number, all: number) => void,
): Promise<void> {
  if (!existsSync(path)) throw new InputError(`${path}: no such file`);
  const send = presigned(connection, key);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) throw new InputError(`${path}: expected rows, received an empty file`);
    const created = await (await send('POST', { uploads: '' })).text();
    const uploadId = /<UploadId>([^<]*)<\/UploadId>/.exec(created)?.[1];
    if (uploadId === undefined) throw new InputError(`${connection.url}: expected the S3 API`);
    const partBytes = Math.max(MIN_PART, MIB * Math.ceil(size / MOST_PARTS / MIB));
    const parts: ObjectPart[] = [];
    let [next, done] = [0, 0];
    const work = async () => {
      // For one part after the other: nothing needs it any more once the part has been answered.
      const part = Buffer.alloc(Math.min(partBytes, size));
      while (next * partBytes < size) {
        const index = next++;
        const body = part.subarray(0, Math.min(partBytes, size - index * partBytes));
        await file.read(body, 0, body.length, index * partBytes);
        const partNumber = index + 1;
        const response = await send('PUT', { partNumber: `${partNumber}`, uploadId }, body);
        parts.push({ partNumber, etag: response.headers.get('ETag')! });
        done += body.length;
        onProgress(done, size);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const listed = parts
      .toSorted((a, b) => a.partNumber - b.partNumber)
      .map(
        ({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`,
      );
    const all = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`;
    await send('POST', { uploadId }, Buffer.from(all));
  } finally {
    await file.close();
  }
}

/** Returns the content of an object as a stream. @throws {InputError} if it is missing. */
export async function readObject(
  connection: BucketConnection,
  key: string,
): Promise<ReadableStream<Uint8Array>> {
  return (await presigned(connection, key)('GET', {})).body!;
}

/** Returns a function that sends a request to an object, by an address that holds the signature. */
function presigned({ url, accessKeyId, secretAccessKey }: BucketConnection, key: string) {
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'auto' });
  const path = key.split('/').map(encodeURIComponent).join('/');
  return async (
    method: string,
    query: Readonly<Record<string, string>>,
    body?: Buffer<ArrayBuffer>,
  ): Promise<Response> => {
    const address = `${url}/${path}?${new URLSearchParams(query)}`;
    for (let attempt = 1; ; attempt++) {
      const signed = await client.sign(address, { method, aws: { signQuery: true } });
      try {
        const response = await fetch(signed.url, { method, ...(body && { body }) });
        if (response.ok) return response;
        if (response.status < 500 || attempt === ATTEMPTS)
          throw refusal(`${method} ${url}/${path}`, response.status, await response.text());
      } catch (cause) {
        if (cause instanceof InputError) throw cause;
        if (attempt === ATTEMPTS)
          throw new InputError(`${method} ${url}/${path}: no answer after ${attempt} attempts`, { cause });
      }
      await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  };
}
