/** Reading the rest of a refused request's body, without which the client would not see the refusal. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { discard } from './discard.ts';

/** Milliseconds after which a client that is still sending is answered. */
const PATIENCE = 1000;

/**
 * Reads and drops the body of a refused request, up to the limit of bodies.
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
    // The client has disconnected; there is nobody to answer.
  } finally {
    clearTimeout(timer);
  }
}
