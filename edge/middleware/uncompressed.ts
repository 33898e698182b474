/** Answers that must not be compressed on the way. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { isProtocolPath } from './protocolErrors.ts';

/**
 * Keeps answers of the inference protocol from being compressed, except for inferences: asynchronous clients
 * accept gzip by default, but unpack only inferences.
 *
 * @example
 * app.use(uncompressed);
 */
export const uncompressed: MiddlewareHandler<AppEnvironment> = async (c, next) => {
  await next();
  const { headers, ok } = c.res;
  if (!isProtocolPath(c.req.path) || (ok && c.req.path.endsWith('/infer'))) return;
  // Cloudflare's network and proxies do not compress an answer that has an encoding already.
  headers.set('Content-Encoding', 'identity');
  headers.set('Cache-Control', 'no-store, no-transform');
};
