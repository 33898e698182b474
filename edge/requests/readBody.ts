/** Reading a request's body without ever holding more than the limit. */
import { concatenated } from '../../shared/bytes.ts';
import { discard } from '../middleware/discard.ts';
import { ProblemError } from '../problems.ts';

/**
 * The whole body, at most `limit` bytes. A Content-Length above the limit is refused without holding any of it; a body
 * without one (chunked) is counted as it arrives.
 *
 * What is refused is read on and thrown away up to twice the limit: a connection that is closed while its client is
 * still sending is reset, and the client would never see why.
 * @throws {ProblemError} `body-too-large`, or `incomplete-body` where the client hangs up.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const length = request.headers.get('Content-Length');
  if (length !== null && Number(length) <= limit)
    return arriving(async () => new Uint8Array(await request.arrayBuffer()));
  const stream = request.body;
  if (length !== null) {
    if (stream) await arriving(() => discard(stream.getReader(), 2 * limit));
    throw tooLarge(limit, `${length} bytes`);
  }
  return stream ? arriving(() => readStream(stream, limit)) : new Uint8Array();
}

/** Tells a connection that breaks, which is the client's doing, from errors of ours. */
async function arriving<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    const detail = 'The connection was closed before the whole body had arrived.';
    throw new ProblemError('incomplete-body', { detail }, { cause });
  }
}

async function readStream(
  stream: ReadableStream<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    if (size > limit) {
      await discard(reader, 2 * limit - size);
      throw tooLarge(limit, `more than ${limit} bytes`);
    }
    chunks.push(read.value);
  }
  return concatenated(chunks);
}

function tooLarge(limit: number, received: string): ProblemError {
  return new ProblemError('body-too-large', {
    detail: `A body may have ${limit} bytes; received ${received}.`,
    received,
    limit,
  });
}
