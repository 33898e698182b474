/** Requests that no route takes: OPTIONS, a method that the path does not have, an unknown path. */
import type { Hono, NotFoundHandler } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { onNotFound, problemResponse } from './errors.ts';

/**
 * Answers OPTIONS with the methods of the path, and a method that the path does not have with 405 and the
 * same `Allow` (RFC 9110, sections 9.3.7 and 15.5.6); any other request, as one for an unknown path. Hono
 * answers HEAD as GET without the body.
 *
 * @example
 * app.notFound(unrouted(app));
 */
export function unrouted(app: Hono<AppEnvironment>): NotFoundHandler<AppEnvironment> {
  const methods = methodNotAllowed({
    app,
    onMethodNotAllowed: (c, routed) => {
      const offered = [...routed, 'OPTIONS'];
      const headers = { Allow: offered.join(', ') };
      // Built without the context, which would add the content type of the response that this one replaces.
      if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers });
      const { method, path } = c.req;
      const detail = `${path} takes ${headers.Allow}; received ${method}.`;
      return problemResponse(
        c,
        new ProblemError('method-not-allowed', { detail, received: method, offered }, { headers }),
      );
    },
  });
  return async (c) => {
    await methods(c, async () => {
      c.res = await onNotFound(c);
    });
    return c.res;
  };
}
