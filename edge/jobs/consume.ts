/** The consumer of the queue: each message is a chunk to answer. */
import type { Service } from '../calls/service.ts';
import type { Chunk, JobBindings, JobBucket, MessageBatch, QueueMessage } from '../jobBindings.ts';
import { ProblemError } from '../problems.ts';
import { within } from '../runtime/within.ts';
import { logEvent } from '../telemetry/log.ts';
import { isOfRows, isPassing } from './answerBatch.ts';
import { answerChunk, type ChunkAnswer, unansweredChunk } from './answerChunk.ts';
import { endJob, INPUT_CHANGED, type JobRecord, keys, readJson } from './record.ts';

/** Deliveries after which a chunk counts as one that ends the isolate, or meets a fault of the code. */
const MAX_ATTEMPTS = 3;
/** Seconds until a chunk is sent again that the Worker had no room for, or no model. */
const BUSY_SECONDS = 5;
/** Milliseconds that a chunk may take: others wait for it, and a read or write may never end. */
const LONGEST_MS = 60_000;

type ConsumerBindings = Pick<JobBindings, 'bucket' | 'queue'>;

/**
 * Answers the chunks of a batch. Queues deliver at least once: a chunk whose answers exist is not answered again,
 * and answering it twice at the same time writes the same bytes twice.
 */
export async function consume(
  service: Service,
  bindings: ConsumerBindings,
  { messages }: MessageBatch,
): Promise<void> {
  await Promise.all(messages.map((message) => settle(service, bindings, message)));
}

/** Takes a message off the queue once its answers are written, or the chunk is sent again. */
async function settle(service: Service, bindings: ConsumerBindings, message: QueueMessage): Promise<void> {
  const { job, chunk } = message.body;
  try {
    await within(LONGEST_MS, `chunk ${chunk.index} of job ${job}`, answer(service, bindings, message));
    message.ack();
  } catch (error) {
    const isProblem = error instanceof ProblemError;
    // It has been logged, and counts as an attempt.
    if (isProblem && !isPassing(error)) return message.retry({ delaySeconds: BUSY_SECONDS });
    if (!isProblem) logEvent(`chunk ${chunk.index} of job ${job} could not be read or written`, error);
    // A new message has its attempts before it: the chunk is not to blame.
    await bindings.queue.send(message.body, { delaySeconds: BUSY_SECONDS });
    message.ack();
  }
}

async function answer(
  service: Service,
  { bucket }: ConsumerBindings,
  { body: { job: id, chunk }, attempts }: QueueMessage,
): Promise<void> {
  const key = keys.part(id, 'answers', chunk.index);
  const [job, end, answered] = await Promise.all([
    readJson<JobRecord>(bucket, keys.record(id)),
    bucket.head(keys.end(id)),
    bucket.head(key),
  ]);
  if (job === undefined || end !== null || answered !== null) return;
  const bytes = await readChunk(bucket, job, chunk);
  if (bytes === undefined) {
    await endJob(bucket, id, { state: 'failed', problem: INPUT_CHANGED });
    return;
  }
  const made =
    attempts > MAX_ATTEMPTS ? givenUp(job, chunk) : await answerOrExplain(service, job, chunk, bytes);
  const problems = keys.part(id, 'problems', chunk.index);
  if (made.problems.length > 0) {
    const lines = made.problems.map((problem) => `${JSON.stringify(problem)}\n`).join('');
    await bucket.put(problems, lines);
  }
  // Last: a chunk counts as answered from here on.
  const counts = { rows: `${chunk.rows}`, unanswered: `${made.problems.length}` };
  await bucket.put(key, made.bytes, { customMetadata: counts });
  // The job may have ended, and its objects been deleted, meanwhile.
  if ((await bucket.head(keys.end(id))) !== null) await bucket.delete([key, problems]);
}

/** Returns the bytes of a chunk; undefined if the input is not what it was when the job was submitted. */
async function readChunk(
  bucket: JobBucket,
  { input, etag }: JobRecord,
  { start, end }: Chunk,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const range = { offset: start, length: end - start };
  const object = await bucket.get(input, { range, onlyIf: { etagMatches: etag } });
  if (object === null || !('body' in object)) return undefined;
  return new Uint8Array(await object.arrayBuffer());
}

/** @throws {ProblemError} that passes, or `internal-error`. */
async function answerOrExplain(
  service: Service,
  job: JobRecord,
  chunk: Chunk,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ChunkAnswer> {
  try {
    return await answerChunk(service, job, chunk, bytes);
  } catch (error) {
    if (!(error instanceof ProblemError) || !isOfRows(error)) throw error;
    // Of the chunk as a whole, for instance of a version that is gone.
    return unansweredChunk(job, chunk, error);
  }
}

function givenUp(job: JobRecord, chunk: Chunk): ChunkAnswer {
  const detail = `The rows ${chunk.row} to ${chunk.row + chunk.rows - 1} could not be answered in ${MAX_ATTEMPTS} attempts; the log of the Worker has the errors.`;
  return unansweredChunk(job, chunk, new ProblemError('internal-error', { detail }));
}
