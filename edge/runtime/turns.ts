/** Turns of large bodies, so that small requests do not wait for several of them in a row. */
import { hasPassed } from './elapsed.ts';

/** Bytes up to which a body or an answer is small. */
export const SMALL = 64 * 1024;
/** Bytes up to which a body keeps others waiting for a few milliseconds only, so that it needs no turn. */
const MEDIUM = 1024 * 1024;
/** Bytes of JSON that are parsed, checked and packed in about a millisecond. */
const BYTES_PER_MS = 100_000;
/** The time for a large body, as a multiple of what its work takes: the rest is left to small ones. */
const TURN = 2;
/** Milliseconds after a small body in which another one is expected. */
const BUSY_MS = 1000;
/** No more bodies than the limit of bytes in flight allows can wait; a longer wait means a changed clock. */
const MAX_WAIT_MS = 2000;

/** Resolves as soon as a body of this size, in bytes, may be parsed. */
export type Turns = (bytes: number) => Promise<void>;

/**
 * Creates the turns of an isolate. Small bodies never wait. Large ones follow each other at a distance while
 * there are small ones, and at once otherwise. This is a timetable and not a lock: the code of a request whose
 * client went away may never run again, and would never give a lock back.
 *
 * @example
 * const turns = createTurns();
 * await turns(body.length);
 */
export function createTurns(): Turns {
  let smallAt = Number.NEGATIVE_INFINITY;
  let freeAt = 0;
  return async (bytes) => {
    const now = Date.now();
    if (bytes <= SMALL) {
      smallAt = now;
      return;
    }
    if (bytes <= MEDIUM || hasPassed(smallAt, BUSY_MS)) return;
    const wait = Math.max(0, freeAt - now);
    const start = now + (wait > MAX_WAIT_MS ? 0 : wait);
    freeAt = start + (TURN * bytes) / BYTES_PER_MS;
    if (start > now) await new Promise((resolve) => setTimeout(resolve, start - now));
  };
}
