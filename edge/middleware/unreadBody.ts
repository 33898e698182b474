/** Lets a client that is refused before its body was read see the refusal. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';

/** Milliseconds after which a client is answered although it is still sending. */
const PATIENCE = 1000;

/**
 * Reads a refused body and throws it away, up to the limit of bodies: a connection that is closed while its client is
 * still sending is reset, and the client would see neither the problem nor its reason.
 *
 * @example
 * app.use(unreadBody);
 */
export const unreadBody: MiddlewareHandler<AppEnvironment> = async (c, next) => {
  await next();
  if (c.res.status < 400) return;
  const { body, bodyUsed } = c.req.raw;
  if (body !== null && !bodyUsed) await discard(body, c.get('limits').maxBodyBytes);
};

async function discard(body: ReadableStream<Uint8Array>, limit: number): Promise<void> {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  try {
    for (let left = limit; left >= 0; ) {
      const read = await Promise.race([reader.read(), patience]);
      if (read === undefined || read.done) return;
      left -= read.value.length;
    }
    await reader.cancel();
  } catch {
    // The client has hung up, and is not there to be answered.
  } finally {
    clearTimeout(timer);
  }
}
