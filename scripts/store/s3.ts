/**
 * R2 through its S3 API (https://developers.cloudflare.com/r2/api/s3/api/), which supports conditional writes
 * by etag; wrangler's commands do not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { StorageError } from '../../shared/errors.ts';
import { sha256 } from '../../training/artifact/artifact.ts';
import type { BucketConnection, ModelBucket, ObjectInfo } from './bucket.ts';
import { DAMAGED, DamagedObjectError } from './damagedObject.ts';
import { refusal, StoreFailure } from './s3Errors.ts';

export interface S3Options extends BucketConnection {
  /** Seconds for which an answer is waited for. Default: 60. */
  readonly answerWithin?: number;
  /** What to do where there is no answer, for people. Default: to check the network. */
  readonly ifSilent?: string;
  /** Receives a line when a request has failed for a while. */
  readonly print?: (line: string) => void;
}

/** More than a minute, for which a store may be gone. */
const PATIENCE = 90;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Time after which a failure is worth a line. */
const QUIET_MS = 5000;
const ANSWER_WITHIN = 60;
const IF_SILENT = 'check the network, and R2_ENDPOINT if it is set';

/**
 * Opens a bucket. Every call throws a `StoreFailure` if the store does not answer, or refuses the request
 * because of the credentials, the permissions, a missing bucket or a wrong clock.
 *
 * @example
 * const bucket = s3Bucket({ url: 'https://0a1b.r2.cloudflarestorage.com/models', accessKeyId, secretAccessKey });
 * await bucket.put('digits/aliases.json', text, { onlyIf: { etagMatches: etag } });
 */
export function s3Bucket(options: S3Options): ModelBucket {
  const { url, accessKeyId, secretAccessKey, patience = PATIENCE, ifSilent = IF_SILENT, print } = options;
  const timeout = (options.answerWithin ?? ANSWER_WITHIN) * 1000;
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'auto', retries: 0 });
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const started = performance.now();
    let isSilent = true;
    for (let tries = 1; ; tries++) {
      const outcome = await attempt(client, `${url}${path}`, { ...init, method }, timeout);
      if (!isTransient(outcome)) return answerOf(outcome, method, `${url}${path}`, { tries, ifSilent });
      const pause = pauseAfter(outcome, tries);
      const waited = performance.now() - started;
      if (waited + pause > patience * 1000)
        return answerOf(outcome, method, `${url}${path}`, { tries, ifSilent });
      if (isSilent && waited + pause > QUIET_MS) {
        isSilent = false;
        print?.(`${method} ${url}${path}: ${failureOf(outcome)}; trying again for up to ${patience} s`);
      }
      await sleep(pause);
    }
  };
  return {
    connection: { url, accessKeyId, secretAccessKey, patience },
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
      // S3 answers 404 if an object is to be replaced that does not exist.
      return response.ok ? infoOf(response) : null;
    },
    async get(key) {
      const response = await request('GET', `/${key}`);
      if (response.status === 404) return null;
      if (response.status === 422) throw new DamagedObjectError(key, infoOf(response), undefined);
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
      const [keys, prefixes] = [/<Key>([^<]*)<\/Key>/g, /<CommonPrefixes>\s*<Prefix>([^<]*)<\/Prefix>/g].map(
        (each) => [...xml.matchAll(each)].map(([, name]) => name!),
      ) as [string[], string[]];
      const next = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(xml)?.[1];
      return { objects: keys.map((key) => ({ key })), delimitedPrefixes: prefixes, cursor: next };
    },
  };
}

/** True for failures that may be over soon: of the network, of the store, and too many requests. */
function isTransient(outcome: Response | Error): boolean {
  if (outcome instanceof Response && outcome.status === 507) return false;
  return outcome instanceof Error || outcome.status >= 500 || [408, 409, 429].includes(outcome.status);
}

/**
 * Milliseconds to wait after a failure: longer each time, at random so that concurrent callers do not come back
 * together, and at least as long as the store asks for.
 */
function pauseAfter(outcome: Response | Error, tries: number): number {
  const asked = outcome instanceof Error ? 0 : retryAfterMs(outcome.headers.get('Retry-After'));
  const backoff = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  return Math.max(asked, backoff * (0.5 + Math.random()));
}

/** Reads seconds or an HTTP date; 0 if it is neither. */
function retryAfterMs(value: string | null): number {
  const seconds = Number(value ?? 0);
  const ms = Number.isNaN(seconds) ? Date.parse(value!) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function failureOf(outcome: Response | Error): string {
  return outcome instanceof Error ? outcome.message : `the store answered ${outcome.status}`;
}

/**
 * Returns the response, read to its end so that a broken connection is noticed here, or the error of the
 * connection.
 */
async function attempt(
  client: AwsClient,
  url: string,
  init: RequestInit,
  timeout: number,
): Promise<Response | Error> {
  let response: Response | undefined;
  try {
    response = await client.fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
    const isEmpty = init.method === 'HEAD' || response.status === 204;
    return new Response(isEmpty ? null : await response.arrayBuffer(), response);
  } catch (error) {
    if (response?.ok && response.headers.has('ETag')) return new BrokenBody(infoOf(response), error);
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Returns responses with a meaning for callers: success, a missing object, and a condition that does not
 * hold.
 */
async function answerOf(
  outcome: Response | Error,
  method: string,
  url: string,
  { tries, ifSilent }: { readonly tries: number; readonly ifSilent: string },
): Promise<Response> {
  if (outcome instanceof BrokenBody)
    throw new DamagedObjectError(new URL(url).pathname.slice(1), outcome.info, outcome.cause);
  if (outcome instanceof Error) {
    throw new StoreFailure(`${method} ${url}: no answer after ${tries} attempts; ${ifSilent}`, {
      cause: outcome,
    });
  }
  if (outcome.ok || outcome.status === 412) return outcome;
  const text = await outcome.text();
  if (text.includes(`<Code>${DAMAGED}</Code>`)) return outcome;
  if (outcome.status === 507) throw new StorageError(/<Message>(.*)<\/Message>/s.exec(text)?.[1] ?? text);
  const isAbsent = outcome.status === 404 && (method === 'HEAD' || text.includes('<Code>NoSuchKey</Code>'));
  if (isAbsent) return outcome;
  throw refusal(`${method} ${url}`, outcome.status, text);
}

/** An object that was found, and whose bytes broke off: by the network or, if each time, as the store has lost them. */
class BrokenBody extends Error {
  readonly info: ObjectInfo;

  constructor(info: ObjectInfo, cause: unknown) {
    super('the object broke off', { cause });
    this.info = info;
  }
}

function infoOf({ headers }: Response): ObjectInfo {
  const etag = headers.get('ETag');
  if (!etag) throw new Error('the store answered without an ETag: expected the S3 API');
  return {
    etag: etag.replace(/^W\//, '').replaceAll('"', ''),
    uploaded: new Date(headers.get('Last-Modified') ?? headers.get('Date') ?? 0),
  };
}
