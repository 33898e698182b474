/**
 * R2 through its S3 API (https://developers.cloudflare.com/r2/api/s3/api/), which supports conditional writes
 * by etag; wrangler's commands do not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { InputError } from '../../shared/errors.ts';
import { sha256 } from '../../training/artifact/artifact.ts';
import type { ModelBucket, ObjectInfo } from './bucket.ts';
import { refusal } from './s3Errors.ts';

export interface S3Options {
  /** URL of the bucket, for instance `https://<account>.r2.cloudflarestorage.com/latentedge-models`. */
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Attempts in total, if the network or the store fails. */
const TRIES = 4;
const FIRST_PAUSE_MS = 100;
const TIMEOUT_MS = 60_000;

/**
 * Opens a bucket. Every call throws an `InputError` if the store does not answer, or refuses the request
 * because of the credentials, the permissions, a missing bucket or a wrong clock.
 *
 * @example
 * const bucket = s3Bucket({ url: 'https://0a1b.r2.cloudflarestorage.com/models', accessKeyId, secretAccessKey });
 * await bucket.put('digits/aliases.json', text, { onlyIf: { etagMatches: etag } });
 */
export function s3Bucket({ url, accessKeyId, secretAccessKey }: S3Options): ModelBucket {
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'auto', retries: 0 });
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<Response> => {
    for (let left = TRIES - 1, pause = FIRST_PAUSE_MS; ; left--, pause *= 2) {
      const outcome = await attempt(client, `${url}${path}`, { ...init, method });
      const isFinal = outcome instanceof Response && outcome.status < 500 && outcome.status !== 429;
      if (isFinal || left === 0) return answerOf(outcome, method, `${url}${path}`);
      await sleep(pause);
    }
  };
  return {
    async put(key, value, { onlyIf, sha256: expected } = {}) {
      const body = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value);
      const hash = sha256(body);
      if (expected !== undefined && hash !== expected)
        throw new Error(`${key}: expected sha256 ${expected}, received ${hash}`);
      const headers = {
        // Signed, so that the store refuses a body that was altered on the way.
        'X-Amz-Content-Sha256': hash,
        ...(onlyIf?.etagMatches !== undefined && { 'If-Match': `"${onlyIf.etagMatches}"` }),
        ...(onlyIf?.etagDoesNotMatch !== undefined && { 'If-None-Match': onlyIf.etagDoesNotMatch }),
      };
      const response = await request('PUT', `/${key}`, { body, headers });
      return response.status === 412 ? null : infoOf(response);
    },
    async get(key) {
      const response = await request('GET', `/${key}`);
      if (response.status === 404) return null;
      const body = await response.arrayBuffer();
      return { ...infoOf(response), arrayBuffer: async () => body };
    },
    async head(key) {
      const response = await request('HEAD', `/${key}`);
      return response.status === 404 ? null : infoOf(response);
    },
    async delete(key) {
      await request('DELETE', `/${key}`);
    },
    async list({ prefix, delimiter = '', cursor }) {
      const query = new URLSearchParams({ 'list-type': '2', prefix, delimiter });
      if (cursor !== undefined) query.set('continuation-token', cursor);
      const xml = await (await request('GET', `?${query}`)).text();
      const [keys, prefixes] = [/<Key>([^<]*)<\/Key>/g, /<CommonPrefixes><Prefix>([^<]*)<\/Prefix>/g].map(
        (each) => [...xml.matchAll(each)].map(([, name]) => name!),
      ) as [string[], string[]];
      const next = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(xml)?.[1];
      return { objects: keys.map((key) => ({ key })), delimitedPrefixes: prefixes, cursor: next };
    },
  };
}

/**
 * Returns the response, read to its end so that a broken connection is noticed here, or the error of the
 * connection.
 */
async function attempt(client: AwsClient, url: string, init: RequestInit): Promise<Response | Error> {
  try {
    const response = await client.fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const isEmpty = init.method === 'HEAD' || response.status === 204;
    return new Response(isEmpty ? null : await response.arrayBuffer(), response);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Returns responses with a meaning for callers: success, a missing object, and a condition that does not
 * hold.
 */
async function answerOf(outcome: Response | Error, method: string, url: string): Promise<Response> {
  if (outcome instanceof Error) {
    throw new InputError(
      `${method} ${url}: no answer after ${TRIES} attempts; check the network, and R2_ENDPOINT if it is set`,
      { cause: outcome },
    );
  }
  if (outcome.ok || outcome.status === 412) return outcome;
  const text = await outcome.text();
  const isAbsent = outcome.status === 404 && (method === 'HEAD' || text.includes('<Code>NoSuchKey</Code>'));
  if (isAbsent) return outcome;
  throw refusal(`${method} ${url}`, outcome.status, text);
}

function infoOf({ headers }: Response): ObjectInfo {
  const etag = headers.get('ETag') ?? '';
  return {
    etag: etag.replace(/^W\//, '').replaceAll('"', ''),
    uploaded: new Date(headers.get('Last-Modified') ?? headers.get('Date') ?? 0),
  };
}
