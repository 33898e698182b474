/** Reading a request's body without ever holding more than the limits in memory. */
import type { RequestVariables } from '../environment.ts';
import type { Hold } from '../inFlight.ts';
import { type Part, type PartReader, partReader, readPart } from '../middleware/bodyParts.ts';
import { ProblemError } from '../problems.ts';
import { SMALL } from '../runtime/turns.ts';

/** A body may stand still for this part of the time limit of its request. */
const STALL_SHARE = 1 / 3;

type Reading = Pick<RequestVariables, 'limits' | 'hold' | 'inFlight'>;

/**
 * Returns the whole body, at most `maxBodyBytes`, once it is its turn. A Content-Length above that, or above what other requests
 * leave free, is refused before anything is stored, and the body left unread; a body without one (chunked) is
 * counted as it arrives.
 * @throws {ProblemError} `body-too-large`, `overloaded`, `slow-body` if nothing arrives for a while, or
 * `incomplete-body` if the client disconnects.
 */
export async function readBody(request: Request, reading: Reading): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await receive(request, reading);
  const turn = reading.inFlight.turns(bytes.length);
  // Small ones never wait.
  if (bytes.length > SMALL) await turn;
  return bytes;
}

function receive(
  request: Request,
  { limits: { maxBodyBytes: limit, maxSeconds }, hold }: Reading,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = request.headers.get('Content-Length');
  const stallSeconds = maxSeconds * STALL_SHARE;
  // workerd refuses any other Content-Length itself.
  if (header === null || !/^\d+$/.test(header)) {
    const { body } = request;
    return body === null
      ? Promise.resolve(new Uint8Array())
      : arriving(() => readGrowing(body, limit, stallSeconds, hold));
  }
  const length = Number(header);
  if (length > limit) throw tooLarge(limit, `${header} bytes`);
  hold.resize(length);
  // Most bodies are small, and arrive at once: for these, not even a stream is made.
  if (length <= SMALL) return readSmall(request);
  const { body } = request;
  return body === null ? readSmall(request) : arriving(() => readWhole(body, length, stallSeconds));
}

async function readSmall(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch (cause) {
    throw incomplete(cause);
  }
}

/**
 * Frees the memory of a body that has been parsed, if it is large: without that, it stays until garbage is
 * collected, and an isolate has room for few of them.
 */
export function free(bytes: Uint8Array<ArrayBuffer>): void {
  // Node 20 does not have it.
  if (bytes.length > SMALL) (bytes.buffer as Transferable).transfer?.(0);
}

interface Transferable extends ArrayBuffer {
  transfer?(length: number): ArrayBuffer;
}

/** Reports a broken connection as a problem of the client. */
async function arriving<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw incomplete(cause);
  }
}

async function readWhole(
  stream: ReadableStream<Uint8Array>,
  length: number,
  stallSeconds: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = partReader(stream);
  let buffer = new ArrayBuffer(length);
  for (let size = 0; size < length; ) {
    const { done, value } = await nextPart(reader, new Uint8Array(buffer, size), stallSeconds);
    if (done) throw incomplete();
    size += value.length;
    buffer = value.buffer;
  }
  return new Uint8Array(buffer);
}

async function readGrowing(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  stallSeconds: number,
  hold: Hold,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(SMALL, limit + 1));
  hold.resize(bytes.length);
  const reader = partReader(stream);
  for (let size = 0; ; ) {
    const { done, value } = await nextPart(reader, bytes.subarray(size), stallSeconds);
    // Streams of the standard give the memory back at the end, too.
    if (value !== undefined) bytes = new Uint8Array(value.buffer);
    // Others read the buffer as a whole.
    if (done) return new Uint8Array(bytes.slice(0, size));
    size += value.length;
    if (size > limit) {
      // The rest is dropped once the refusal is on its way.
      reader.releaseLock();
      throw tooLarge(limit, `more than ${limit} bytes`);
    }
    if (size < bytes.length) continue;
    const larger = Math.min(2 * bytes.length, limit + 1);
    reserve(larger, hold, reader);
    const grown = new Uint8Array(larger);
    grown.set(bytes);
    bytes = grown;
  }
}

/** Reserves bytes in the middle of a body. */
function reserve(bytes: number, hold: Hold, reader: PartReader): void {
  try {
    hold.resize(bytes);
  } catch (error) {
    reader.releaseLock();
    throw error;
  }
}

/** Returns the next bytes, or the end. */
async function nextPart(
  reader: PartReader,
  memory: Uint8Array<ArrayBuffer>,
  stallSeconds: number,
): Promise<Part> {
  const part = await readPart(reader, memory, stallSeconds * 1000);
  if (part === undefined) {
    await reader.cancel();
    const detail = `No part of the body arrived within ${stallSeconds} seconds.`;
    throw new ProblemError('slow-body', { detail });
  }
  return part;
}

function incomplete(cause?: unknown): ProblemError {
  const detail = 'The connection was closed before the whole body arrived.';
  return new ProblemError('incomplete-body', { detail }, { cause });
}

function tooLarge(limit: number, received: string): ProblemError {
  return new ProblemError('body-too-large', {
    detail: `A body may have up to ${limit} bytes; received ${received}.`,
    received,
    limit,
  });
}
