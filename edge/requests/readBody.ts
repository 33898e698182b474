/** Reading a request's body without ever holding more than the limit in memory. */
import { concatenated } from '../../shared/bytes.ts';
import { discard } from '../middleware/discard.ts';
import { ProblemError } from '../problems.ts';

/**
 * Returns the whole body, at most `limit` bytes. A Content-Length above the limit is refused before anything
 * is stored; a body without one (chunked) is counted as it arrives.
 *
 * Up to twice the limit, a refused body is read and dropped: if a connection is closed while its client is
 * still sending, it is reset, and the client never sees the problem.
 * @throws {ProblemError} `body-too-large`, or `incomplete-body` if the client disconnects.
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

/** Reports a broken connection as a problem of the client. */
async function arriving<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    const detail = 'The connection was closed before the whole body arrived.';
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
    detail: `A body may have up to ${limit} bytes; received ${received}.`,
    received,
    limit,
  });
}
