/**
 * Answers in pieces, for more rows than one document should hold: memory stays bounded, and the first piece
 * comes soon.
 */
import type { Context } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { problemBody, problemOf } from '../middleware/errors.ts';
import type { Form } from './forms.ts';
import type { Found, RunRows } from './invoke.ts';
import { wholeBody } from './respond.ts';
import { type Batch, slice } from './rows/batch.ts';

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
 * Responds in the preferred form: a JSON document, NDJSON whose lines are the answers that the next rows would get in a
 * request of their own, or float32 bytes. A problem with a later row ends NDJSON with a line `{"problem": ...}`, and
 * aborts any other answer.
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
    const { inputs } = slice(batch, start, Math.min(start + size, batch.rowCount));
    const answer = await run(inputs, start);
    return form.piece(answer, () => wholeBody(manifest, answer.body()));
  };
  // Before the status is sent: most problems show in the first piece.
  const first = await piece(0);
  let next = size;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first),
    pull: async (controller) => {
      if (next >= batch.rowCount) {
        if (form.end) controller.enqueue(form.end());
        return controller.close();
      }
      const work = piece(next);
      // If the client disconnects, pending work of its request is dropped, even a load that others wait for.
      c.executionCtx.waitUntil(Promise.allSettled([work]));
      try {
        const bytes = await work;
        if (isCancelled) return;
        controller.enqueue(bytes);
        next += size;
      } catch (error) {
        const problem = problemOf(error, c.var.record);
        if (isCancelled) return;
        if (!form.failure) return controller.error(problem);
        controller.enqueue(form.failure(problemBody(problem, c)));
        controller.close();
      }
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  return c.body(stream, 200, { 'Content-Type': form.type });
}
