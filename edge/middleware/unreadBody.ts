/** Lets a client that is refused before its body was read see the refusal. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { discard } from './discard.ts';

/** Milliseconds after which a client is answered although it is still sending. */
const PATIENCE = 1000;

/**
 * Reads the body of a refused request and drops it, up to the limit of bodies.
 *
 * @example
 * app.use(unreadBody);
 */
export const unreadBody: MiddlewareHandler<AppEnvironment> = async (c, next) => {
  await next();
  if (c.res.status < 400) return;
  const { body, bodyUsed } = c.req.raw;
  if (body !== null && !bodyUsed) await discardSoon(body, c.get('limits').maxBodyBytes);
};

async function discardSoon(body: ReadableStream<Uint8Array>, limit: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  try {
    await discard(body.getReader(), limit, patience);
  } catch {
    // The client has hung up, and is not there to be answered.
  } finally {
    clearTimeout(timer);
  }
}
