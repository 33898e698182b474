/**
 * Answers in pieces, for more rows than one document should hold: memory stays bounded, and the first piece
 * comes soon.
 */
import type { Context } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { problemBody, problemOf } from '../middleware/errors.ts';
import type { Form } from './forms.ts';
import type { Found, RunRows } from './invoke.ts';
import { httpBody, noteUnseen } from './respond.ts';
import type { Batch } from './rows/batch.ts';
import { taken } from './send.ts';

/**
 * Maximum rows of a piece, enough for an efficient run; and pieces per maximum answer, since several may be
 * in flight.
 */
const PIECE = 256;
const PARTS = 4;

/** Returns the number of rows in a piece, if one answer holds up to `maxRows`. */
export function pieceRows(maxRows: number): number {
  return Math.min(PIECE, Math.ceil(maxRows / PARTS));
}

/**
 * Responds in the preferred form: a JSON document, NDJSON whose lines are the answers that the next rows
 * would get in a request of their own, or float32 bytes. A problem that ends the answer early is the last
 * line of NDJSON, `{"problem": ...}`, and aborts any other answer.
 */
export async function respondInPieces(
  c: Context<AppEnvironment>,
  form: Form,
  batch: Batch,
  run: RunRows,
  { manifest, maxRows }: Found,
): Promise<Response> {
  const size = pieceRows(maxRows);
  const piece = async (start: number): Promise<Uint8Array> => {
    const answer = await run(start, Math.min(start + size, batch.rowCount));
    return form.piece(answer, () => httpBody(c, manifest, answer));
  };
  // Before the status is sent: most problems show in the first piece.
  let ready: Uint8Array | undefined = await piece(0);
  const { hold, limits } = c.var;
  // Later pieces are about as large.
  hold.resize(hold.bytes + ready.length);
  let start = 0;
  let isOver = false;
  const next = async (): Promise<Uint8Array | undefined> => {
    if (ready) {
      const first = ready;
      ready = undefined;
      return first;
    }
    if (isOver) return undefined;
    start += size;
    isOver = start >= batch.rowCount;
    if (isOver) return form.end?.();
    const work = piece(start);
    // If the client disconnects, pending work of its request is dropped, even a load that others wait for.
    c.executionCtx.waitUntil(Promise.allSettled([work]));
    try {
      return await work;
    } catch (error) {
      const problem = problemOf(error, c.var.record);
      if (!form.failure) throw problem;
      isOver = true;
      return form.failure(problemBody(problem, c));
    }
  };
  noteUnseen(c);
  return c.body(taken(next, hold, limits), 200, { 'Content-Type': form.type });
}
