/** Planning: the input is read once, window by window, and its chunks are sent to the queue. */
import type { Chunk, JobBucket, JobQueue } from '../jobBindings.ts';
import { CHUNK_LIMITS, type ChunkStart, chunker, fixedChunks } from './chunks.ts';
import { INPUT_CHANGED, type JobRecord, keys } from './record.ts';

const MIB = 1024 * 1024;
/** Bytes that one step reads. */
const WINDOW = 64 * MIB;
/** Bytes that are looked through at a time. */
const PIECE = MIB;
/** Chunks that one step plans without reading. */
const MOST_CHUNKS = 1000;
/** A file without ends of rows is of another format. */
const MAX_ROW_BYTES = 8 * MIB;
/** Messages of one call; their bytes are far below the limit. */
const MOST_MESSAGES = 100;

/** A reason for which a job cannot go on, for people. */
export class JobError extends Error {
  override readonly name = 'JobError';
}

export interface Planned {
  readonly next: ChunkStart;
  readonly isLast: boolean;
}

/**
 * Plans the chunks of the next window, keeps the plan, and sends the chunks. Repeated, it writes and sends the same.
 * @throws {JobError} if the input has changed, or has no ends of rows.
 */
export async function planWindow(
  bucket: JobBucket,
  queue: JobQueue,
  job: JobRecord,
  from: ChunkStart,
): Promise<Planned> {
  const { chunks, next, isLast } = await windowOf(bucket, job, from);
  if (chunks.length === 0 && !isLast) throw endlessRow(next);
  if (chunks.length > 0) {
    await bucket.put(keys.part(job.id, 'plan', from.index), JSON.stringify(chunks));
    await sendChunks(queue, job.id, chunks);
  }
  return { next, isLast };
}

/** Sends chunks to the queue. */
export async function sendChunks(queue: JobQueue, job: string, chunks: readonly Chunk[]): Promise<void> {
  for (let start = 0; start < chunks.length; start += MOST_MESSAGES) {
    const own = chunks.slice(start, start + MOST_MESSAGES);
    await queue.sendBatch(own.map((chunk) => ({ body: { job, chunk } })));
  }
}

async function windowOf(
  bucket: JobBucket,
  { format, rowBytes, input, etag, bytes: fileBytes }: JobRecord,
  from: ChunkStart,
): Promise<Planned & { readonly chunks: Chunk[] }> {
  if (format === 'float32') {
    const size = { rowBytes: rowBytes!, fileBytes, most: MOST_CHUNKS };
    const chunks = fixedChunks(from, size, CHUNK_LIMITS);
    const next = afterAll(chunks, from);
    return { chunks, next, isLast: next.start >= fileBytes };
  }
  const length = Math.min(WINDOW, fileBytes - from.start);
  const isLast = from.start + length === fileBytes;
  const chunks: Chunk[] = [];
  const found = chunker(format, from, CHUNK_LIMITS);
  if (length > 0) {
    const range = { offset: from.start, length };
    const object = await bucket.get(input, { range, onlyIf: { etagMatches: etag } });
    if (object === null || !('body' in object)) throw new JobError(INPUT_CHANGED);
    for await (const bytes of inPieces(object.body)) {
      chunks.push(...found.read(bytes));
      if (found.openBytes > MAX_ROW_BYTES) throw endlessRow(found.next);
    }
  }
  if (isLast) chunks.push(...found.rest());
  return { chunks, next: found.next, isLast };
}

/**
 * Reads a stream into one buffer, again and again. By itself, it hands over a few kilobytes at a time, which takes longer
 * than to look through them.
 */
async function* inPieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader({ mode: 'byob' });
  let buffer = new ArrayBuffer(PIECE);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer), { min: PIECE });
    if (value !== undefined && value.length > 0) yield value;
    if (done) return;
    buffer = value.buffer;
  }
}

function afterAll(chunks: readonly Chunk[], from: ChunkStart): ChunkStart {
  const last = chunks.at(-1);
  return last === undefined ? from : { index: last.index + 1, start: last.end, row: last.row + last.rows };
}

function endlessRow({ row }: ChunkStart): JobError {
  return new JobError(
    `a row after row ${row} does not end within ${MAX_ROW_BYTES / MIB} MiB: check the format, and that every quote of a CSV file is closed`,
  );
}
