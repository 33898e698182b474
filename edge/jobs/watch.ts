/** Watching: the answers that exist are counted, and chunks that got lost are sent again. */
import type { Chunk, JobBucket, JobQueue } from '../jobBindings.ts';
import { sendChunks } from './plan.ts';
import { indexOfPart, keys, readJson } from './record.ts';

/** Totals over the answers of a job. Those before `next` are all there, and are not listed again. */
export interface Seen {
  readonly next: number;
  readonly rows: number;
  readonly unanswered: number;
  readonly bytes: number;
  /** Rows of later answers, too. */
  readonly done: number;
  readonly doneUnanswered: number;
}

export const NOTHING_SEEN: Seen = { next: 0, rows: 0, unanswered: 0, bytes: 0, done: 0, doneUnanswered: 0 };

/** Counts the answers that exist, from those that were seen on. */
export async function countAnswers(bucket: JobBucket, id: string, seen: Seen): Promise<Seen> {
  let { next, rows, unanswered, bytes } = seen;
  let [done, doneUnanswered] = [rows, unanswered];
  for await (const { index, size, ...own } of answersFrom(bucket, id, next)) {
    done += own.rows;
    doneUnanswered += own.unanswered;
    if (index !== next) continue;
    next += 1;
    rows += own.rows;
    unanswered += own.unanswered;
    bytes += size;
  }
  return { next, rows, unanswered, bytes, done, doneUnanswered };
}

/** Sends the chunks without an answer to the queue: their messages may have been lost. */
export async function sendMissing(
  bucket: JobBucket,
  queue: JobQueue,
  id: string,
  { next }: Seen,
): Promise<void> {
  const there = new Set<number>();
  for await (const { index } of answersFrom(bucket, id, next)) there.add(index);
  const plans = keys.parts(id, 'plan');
  let page = await bucket.list({ prefix: plans });
  for (;;) {
    for (const { key } of page.objects) {
      const chunks = (await readJson<Chunk[]>(bucket, key)) ?? [];
      const missing = chunks.filter(({ index }) => index >= next && !there.has(index));
      await sendChunks(queue, id, missing);
    }
    if (!page.truncated) return;
    page = await bucket.list({ prefix: plans, cursor: page.cursor! });
  }
}

interface AnswerObject {
  readonly index: number;
  readonly size: number;
  readonly rows: number;
  readonly unanswered: number;
}

async function* answersFrom(bucket: JobBucket, id: string, first: number): AsyncGenerator<AnswerObject> {
  const options = {
    prefix: keys.parts(id, 'answers'),
    ...(first > 0 && { startAfter: keys.part(id, 'answers', first - 1) }),
    include: ['customMetadata'] as const,
  };
  let page = await bucket.list(options);
  for (;;) {
    for (const { key, size, customMetadata } of page.objects) {
      const { rows, unanswered } = customMetadata!;
      yield { index: indexOfPart(key), size, rows: Number(rows), unanswered: Number(unanswered) };
    }
    if (!page.truncated) return;
    page = await bucket.list({ ...options, cursor: page.cursor! });
  }
}
