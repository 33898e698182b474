/** The parts of Cloudflare's Queues, Workflows and R2 that jobs use. */
import { ProblemError } from './problems.ts';

/** Bindings of wrangler.toml, `JOBS_BUCKET`, `JOBS_QUEUE` and `JOBS_WORKFLOW`; jobs need all of them. */
export interface JobBindings {
  readonly bucket: JobBucket;
  readonly queue: JobQueue;
  readonly workflow: JobWorkflow;
}

/** A part of a file that one isolate answers. */
export interface Chunk {
  /** Position of the chunk in the file, from 0. */
  readonly index: number;
  /** Range of bytes, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Number of the first row in the file, from 0, and the number of rows. */
  readonly row: number;
  readonly rows: number;
}

/** A chunk to answer, as the queue carries it. */
export interface ChunkMessage {
  readonly job: string;
  readonly chunk: Chunk;
}

const NAMES = { bucket: 'JOBS_BUCKET', queue: 'JOBS_QUEUE', workflow: 'JOBS_WORKFLOW' } as const;

/** Returns the bindings that a Worker has, of those that jobs need. */
export function readJobBindings(variables: Readonly<Record<string, unknown>>): Partial<JobBindings> {
  // Cloudflare creates these from wrangler.toml, which fixes their types.
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([member, name]) =>
      variables[name] === undefined ? [] : [[member, variables[name]]],
    ),
  );
}

/** @throws {ProblemError} `unknown-path`, naming the bindings that are missing. */
export function requireJobBindings(bindings: Partial<JobBindings> = {}): JobBindings {
  const { bucket, queue, workflow } = bindings;
  if (bucket && queue && workflow) return { bucket, queue, workflow };
  const absent = Object.entries(NAMES).flatMap(([member, name]) => (member in bindings ? [] : [name]));
  const detail = `Jobs are off in this Worker: wrangler.toml has no binding ${absent.join(', ')}. Add ${absent.length === 1 ? 'it' : 'them'}, and serve or deploy the Worker again.`;
  throw new ProblemError('unknown-path', { detail });
}

interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly customMetadata?: Readonly<Record<string, string>>;
}

export interface StoredBody extends StoredObject {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** https://developers.cloudflare.com/r2/api/workers/workers-api-reference/ */
export interface JobBucket {
  head(key: string): Promise<StoredObject | null>;
  /** Resolves to an object without a body if the condition does not hold. */
  get(
    key: string,
    options?: {
      range?: { offset: number; length: number };
      onlyIf?: { etagMatches: string };
    },
  ): Promise<StoredBody | StoredObject | null>;
  /** Resolves to null if the condition does not hold. */
  put(
    key: string,
    value: string | Uint8Array<ArrayBuffer>,
    options?: { customMetadata?: Record<string, string>; onlyIf?: { etagDoesNotMatch: string } },
  ): Promise<StoredObject | null>;
  delete(keys: readonly string[]): Promise<void>;
  list(options: {
    prefix: string;
    startAfter?: string;
    cursor?: string;
    delimiter?: string;
    limit?: number;
    include?: readonly 'customMetadata'[];
  }): Promise<{
    objects: StoredObject[];
    delimitedPrefixes: string[];
    truncated: boolean;
    cursor?: string;
  }>;
  createMultipartUpload(
    key: string,
    options?: { customMetadata?: Record<string, string> },
  ): Promise<MultipartUpload>;
  resumeMultipartUpload(key: string, uploadId: string): MultipartUpload;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

interface MultipartUpload {
  readonly uploadId: string;
  uploadPart(partNumber: number, value: ReadableStream<Uint8Array>): Promise<UploadedPart>;
  complete(parts: readonly UploadedPart[]): Promise<StoredObject>;
}

/** https://developers.cloudflare.com/queues/configuration/javascript-apis/ */
export interface JobQueue {
  send(body: ChunkMessage, options?: { delaySeconds?: number }): Promise<unknown>;
  sendBatch(messages: readonly { readonly body: ChunkMessage }[]): Promise<unknown>;
}

export interface QueueMessage {
  readonly body: ChunkMessage;
  /** Deliveries so far, with this one. */
  readonly attempts: number;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

export interface MessageBatch {
  readonly messages: readonly QueueMessage[];
}

/** https://developers.cloudflare.com/workflows/build/workers-api/ */
export interface JobWorkflow {
  create(options: { id: string; params: unknown }): Promise<unknown>;
  get(id: string): Promise<{ sendEvent(event: { type: string; payload: unknown }): Promise<void> }>;
}

export interface WorkflowStep {
  /** Does work that is repeated if it fails, and returns its result, of up to 1 MiB, from then on. */
  do<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  sleep(name: string, milliseconds: number): Promise<void>;
}
