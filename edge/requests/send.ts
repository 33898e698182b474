/** Sending answers such that what is not taken yet stays within bounds. */
import type { Context } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import type { Hold } from '../inFlight.ts';
import { SMALL } from '../runtime/turns.ts';
import type { Limits } from '../settings.ts';

/** Bytes given to the connection at a time. */
const PART_BYTES = 256 * 1024;
/** Bytes that any connection has room for: if no more is taken after them, the client has gone away. */
const FIRST_BYTES = 16 * 1024;
/** Milliseconds that this may take, even on a busy machine. */
const FIRST_MS = 5000;

/**
 * Responds with a whole body. A small one is given away at once: the connection's own memory holds it. A
 * larger one counts as in flight until the client has taken it.
 * @throws {ProblemError} `overloaded` if it does not fit.
 */
export function send(
  c: Context<AppEnvironment>,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Response {
  if (body.length <= SMALL) return c.body(body, 200, headers);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const hold = c.get('hold');
  // The body of the request is not needed any more.
  hold.resize(bytes.length);
  let sent = 0;
  const next = async () => {
    const part = bytes.subarray(sent, sent + PART_BYTES);
    sent += part.length;
    return part.length === 0 ? undefined : part;
  };
  return c.body(taken(next, hold, c.get('limits')), 200, headers);
}

/**
 * A body that is made as the client takes it, so that never more than one part waits. What the request holds
 * is released when the last part is taken, when the client goes away, or when it takes nothing for as long as
 * a request may last. If not even the first bytes are taken, it is released as soon as others need the room.
 *
 * @param next Returns the next part; undefined after the last one. An error aborts the response.
 */
export function taken(
  next: () => Promise<Uint8Array | undefined>,
  hold: Hold,
  { maxSeconds }: Limits,
): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let given = 0;
  /** The rest of a part that was larger than the first bytes. */
  let rest: Uint8Array | undefined;
  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
    hold.release();
  };
  hold.handOver();
  hold.touch(FIRST_MS);
  const giveUp = (controller: ReadableStreamDefaultController): void => {
    end();
    controller.error(new Error(`the client took no part of the answer within ${maxSeconds} seconds`));
  };
  const nextPart = async (): Promise<Uint8Array | undefined> => {
    const part = rest ?? (await next());
    rest = undefined;
    if (part === undefined) return undefined;
    const size = given < FIRST_BYTES ? Math.min(part.length, FIRST_BYTES - given) : part.length;
    if (size < part.length) rest = part.subarray(size);
    given += size;
    return part.subarray(0, size);
  };
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    clearTimeout(timer);
    hold.touch(given < FIRST_BYTES ? FIRST_MS : undefined);
    try {
      const part = await nextPart();
      if (isOver) return;
      if (part === undefined) {
        end();
        return controller.close();
      }
      controller.enqueue(part);
      timer = setTimeout(giveUp, maxSeconds * 1000, controller);
    } catch (error) {
      end();
      throw error;
    }
  };
  return new ReadableStream({ pull, cancel: end }, { highWaterMark: 0 });
}
