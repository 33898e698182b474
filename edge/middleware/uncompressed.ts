/** Answers that must not be compressed on the way. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { isProtocolPath } from './protocolErrors.ts';

/**
 * Has the answers of the inference protocol sent as they are, except for inferences: asynchronous clients accept gzip by
 * default, and unpack only those.
 *
 * @example
 * app.use(uncompressed);
 */
export const uncompressed: MiddlewareHandler<AppEnvironment> = async (c, next) => {
  await next();
  const { headers, ok } = c.res;
  if (!isProtocolPath(c.req.path) || (ok && c.req.path.endsWith('/infer'))) return;
  // Whatever compresses answers, Cloudflare's network or a proxy, leaves alone what has an encoding.
  headers.set('Content-Encoding', 'identity');
  headers.set('Cache-Control', 'no-store, no-transform');
};
