/** Answers to more rows than one document should hold, piece by piece: memory stays bounded, and the first comes soon. */
import type { Context } from 'hono';
import { bytesOf, type Tensors } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { problemBody, problemOf } from '../middleware/errors.ts';
import { BINARY_TYPE, NDJSON_TYPE } from './media.ts';
import type { Answer } from './operation.ts';
import type { Received } from './received.ts';
import { wholeBody } from './respond.ts';
import { type Batch, slice } from './rows/batch.ts';

/** Rows in a piece: as few as make a run worth while, and a part of what one answer holds, since several may be on their way. */
const PIECE = 256;
const PARTS = 4;

type RunPiece = (inputs: Tensors, start: number) => Promise<Answer<unknown>>;

/**
 * NDJSON, where each line is the answer to the next rows as a request of their own would get it, or float32 bytes. What is
 * wrong with a later row ends NDJSON with a line `{"problem": ...}`, and breaks off a binary answer.
 */
export async function respondInPieces(
  c: Context<AppEnvironment>,
  { manifest, accepted, maxRows }: Received,
  batch: Batch,
  run: RunPiece,
): Promise<Response> {
  const binary = accepted[0] === BINARY_TYPE || !accepted.includes(NDJSON_TYPE);
  const encoder = new TextEncoder();
  const line = (value: object) => encoder.encode(`${JSON.stringify(value)}\n`);
  const size = Math.min(PIECE, Math.ceil(maxRows / PARTS));
  const piece = async (start: number): Promise<Uint8Array> => {
    const { inputs } = slice(batch, start, Math.min(start + size, batch.rowCount));
    const answer = await run(inputs, start);
    return binary ? bytesOf(answer.binary!) : line(wholeBody(manifest, answer.body()));
  };
  // Before the status is sent: most of what can be wrong is wrong here already.
  const first = await piece(0);
  let next = size;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first),
    pull: async (controller) => {
      if (next >= batch.rowCount) return controller.close();
      const work = piece(next);
      // Where the client hangs up, all that its request waits for is dropped: also a load that others wait for.
      c.executionCtx.waitUntil(Promise.allSettled([work]));
      try {
        const bytes = await work;
        if (isCancelled) return;
        controller.enqueue(bytes);
        next += size;
      } catch (error) {
        const problem = problemOf(error, c);
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
