/** Answers that must not be compressed on the way. */
import { isProtocolPath } from './protocolErrors.ts';
import type { Stage } from './stages.ts';

/**
 * Keeps answers of the inference protocol from being compressed, except for inferences: asynchronous clients
 * accept gzip by default, but unpack only inferences.
 *
 * @example
 * app.use(inStages([uncompressed]));
 */
export const uncompressed: Stage = {
  after: (c) => {
    if (!isProtocolPath(c.req.path) || (c.res.ok && c.req.path.endsWith('/infer'))) return;
    const { headers } = c.res;
    // Cloudflare's network and proxies do not compress an answer that has an encoding already.
    headers.set('Content-Encoding', 'identity');
    headers.set('Cache-Control', 'no-store, no-transform');
  },
};
