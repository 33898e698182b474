/**
 * Answers in pieces, for more rows than one document should hold: memory stays bounded, and the first piece
 * comes soon.
 */
import type { Context } from 'hono';
import { bytesOf } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { problemBody, problemOf } from '../middleware/errors.ts';
import type { Found, RunRows } from './invoke.ts';
import { BINARY_TYPE, NDJSON_TYPE } from './media.ts';
import { wholeBody } from './respond.ts';
import { type Batch, slice } from './rows/batch.ts';

/**
 * Maximum rows of a piece, enough for an efficient run; and pieces per maximum answer, since several may be
 * in flight.
 */
const PIECE = 256;
const PARTS = 4;

/** Returns the number of rows in a piece, where one answer holds up to `maxRows`. */
export function pieceRows(maxRows: number): number {
  return Math.min(PIECE, Math.ceil(maxRows / PARTS));
}

/**
 * Responds with NDJSON, where each line is the answer that the next rows would get in a request of their own,
 * or with float32 bytes. A problem with a later row ends NDJSON with a line `{"problem": ...}`, and aborts a
 * binary answer.
 */
export async function respondInPieces(
  c: Context<AppEnvironment>,
  accepted: readonly string[],
  batch: Batch,
  run: RunRows,
  { manifest, maxRows }: Found,
): Promise<Response> {
  const binary = accepted[0] === BINARY_TYPE || !accepted.includes(NDJSON_TYPE);
  const encoder = new TextEncoder();
  const line = (value: object) => encoder.encode(`${JSON.stringify(value)}\n`);
  const size = pieceRows(maxRows);
  const piece = async (start: number): Promise<Uint8Array> => {
    const { inputs } = slice(batch, start, Math.min(start + size, batch.rowCount));
    const answer = await run(inputs, start);
    return binary ? bytesOf(answer.binary!) : line(wholeBody(manifest, answer.body()));
  };
  // Before the status is sent: most problems show in the first piece.
  const first = await piece(0);
  let next = size;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first),
    pull: async (controller) => {
      if (next >= batch.rowCount) return controller.close();
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
        if (binary) return controller.error(problem);
        controller.enqueue(line({ problem: problemBody(problem, c) }));
        controller.close();
      }
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  return c.body(stream, 200, { 'Content-Type': binary ? BINARY_TYPE : NDJSON_TYPE });
}
