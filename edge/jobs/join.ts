/** Joining: the numbered objects of a job are copied in order into one. */
import type { JobBucket, UploadedPart } from '../jobBindings.ts';
import { joinedParts, type Piece } from './parts.ts';
import { JobError } from './plan.ts';
import { keys, type PartKind } from './record.ts';

/** Parts that one step uploads. */
const MOST_PARTS = 20;

/** A stream whose length R2 knows in advance, as it demands (Workers runtime). */
declare class FixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(length: number);
}

export interface JoinTask {
  readonly id: string;
  readonly kind: PartKind;
  /** Key of the object to write. */
  readonly output: string;
  readonly partBytes: number;
}

/** Where the next part of an upload starts. */
export interface JoinState {
  readonly uploadId: string;
  /** The last object that is copied as a whole, and bytes of the one after it that are copied. */
  readonly after: string | undefined;
  readonly offset: number;
  readonly partNumber: number;
}

export interface JoinStep {
  readonly next: JoinState;
  readonly parts: readonly UploadedPart[];
  readonly isLast: boolean;
}

/** Starts an upload, whose object will say which job it is of. */
export async function startJoin(bucket: JobBucket, { id, output }: JoinTask): Promise<JoinState> {
  const { uploadId } = await bucket.createMultipartUpload(output, { customMetadata: { job: id } });
  return { uploadId, after: undefined, offset: 0, partNumber: 1 };
}

/** Uploads the next parts. Repeated, it replaces them by the same. */
export async function joinSome(bucket: JobBucket, task: JoinTask, from: JoinState): Promise<JoinStep> {
  const { objects, isWhole } = await objectsFrom(bucket, task, from);
  const { parts, next } = joinedParts(
    objects.map(({ size }) => size),
    { offset: from.offset, partBytes: task.partBytes, most: MOST_PARTS, isWhole },
  );
  const upload = bucket.resumeMultipartUpload(task.output, from.uploadId);
  const uploaded: UploadedPart[] = [];
  for (const [i, pieces] of parts.entries()) {
    const body = streamOf(bucket, pieces, objects);
    const { partNumber, etag } = await upload.uploadPart(from.partNumber + i, body);
    uploaded.push({ partNumber, etag });
  }
  const state: JoinState = {
    uploadId: from.uploadId,
    after: next.position > 0 ? objects[next.position - 1]!.key : from.after,
    offset: next.offset,
    partNumber: from.partNumber + parts.length,
  };
  return { next: state, parts: uploaded, isLast: isWhole && next.position >= objects.length };
}

/**
 * Ends the upload, unless an attempt before has: then the object is there.
 * @throws {JobError} if there is another object by now.
 */
export async function finishJoin(
  bucket: JobBucket,
  { id, output }: JoinTask,
  { uploadId }: JoinState,
  parts: readonly UploadedPart[],
): Promise<void> {
  const written = await bucket.head(output);
  if (written?.customMetadata?.job === id) return;
  if (written !== null) throw new JobError(`${output} was written by another while the job ran`);
  await bucket.resumeMultipartUpload(output, uploadId).complete(parts);
}

interface Listed {
  readonly key: string;
  readonly size: number;
}

/** Lists objects until they fill the parts of a step. */
async function objectsFrom(
  bucket: JobBucket,
  { id, kind, partBytes }: JoinTask,
  { after, offset }: JoinState,
): Promise<{ readonly objects: readonly Listed[]; readonly isWhole: boolean }> {
  const options = { prefix: keys.parts(id, kind), ...(after !== undefined && { startAfter: after }) };
  const objects: Listed[] = [];
  let page = await bucket.list(options);
  let bytes = -offset;
  for (;;) {
    for (const { key, size } of page.objects) {
      objects.push({ key, size });
      bytes += size;
    }
    if (!page.truncated || bytes >= MOST_PARTS * partBytes) return { objects, isWhole: !page.truncated };
    page = await bucket.list({ ...options, cursor: page.cursor! });
  }
}

function streamOf(
  bucket: JobBucket,
  pieces: readonly Piece[],
  objects: readonly Listed[],
): ReadableStream<Uint8Array> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { readable, writable } = new FixedLengthStream(length);
  const copy = async () => {
    for (const piece of pieces) {
      const { key } = objects[piece.position]!;
      const object = await bucket.get(key, { range: { offset: piece.offset, length: piece.length } });
      if (object === null || !('body' in object)) throw new Error(`${key}: expected the object, found none`);
      await object.body.pipeTo(writable, { preventClose: true });
    }
    await writable.close();
  };
  // A failure aborts the stream, and with it the upload of the part, which reports it.
  copy().catch((error) => writable.abort(error));
  return readable;
}
