/** Reading the rest of a refused request's body, without which the client would not see the refusal. */
import type { Context } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { SMALL } from '../runtime/turns.ts';
import { discard, partReader } from './bodyParts.ts';
import type { Stage } from './stages.ts';

/**
 * Reads and drops the body of a refused request, up to twice the limit of bodies: if a connection is closed
 * while its client is still sending, it is reset. The refusal of a large body is sent at once, but ends when
 * that is done. A client that waits to be told to send its body is not told to.
 *
 * @example
 * app.use(inStages([unreadBody]));
 */
export const unreadBody: Stage = {
  after: (c) => {
    if (c.res.status < 400 || c.req.header('Expect') !== undefined) return undefined;
    const { body } = c.req.raw;
    // What has been read to its end has nothing more to drop.
    return body === null || body.locked ? undefined : dropRest(c, body);
  },
};

async function dropRest(c: Context<AppEnvironment>, body: ReadableStream<Uint8Array>): Promise<void> {
  const dropped = drop(c, body);
  if (Number(c.req.header('Content-Length') ?? Number.POSITIVE_INFINITY) <= SMALL) return dropped;
  const answer = new Uint8Array(await c.res.arrayBuffer());
  const stream = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      controller.enqueue(answer);
      await dropped;
      controller.close();
    },
  });
  c.res = new Response(stream, c.res);
}

/** Drops the body, until it ends or the client is gone. */
async function drop(c: Context<AppEnvironment>, body: ReadableStream<Uint8Array>): Promise<void> {
  try {
    await discard(partReader(body), 2 * c.get('limits').maxBodyBytes);
  } catch {
    // The client has disconnected; there is nobody to answer.
  }
}
