/** OPTIONS, and refusal of methods that a path does not take. */
import type { Hono, MiddlewareHandler } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { problemResponse } from './errors.ts';

/**
 * Answers OPTIONS with the methods of the path, and a method that the path does not have with 405 and the
 * same `Allow` (RFC 9110, sections 9.3.7 and 15.5.6). Hono answers HEAD as GET without the body.
 *
 * @example
 * app.use(methods(app));
 */
export function methods(app: Hono<AppEnvironment>): MiddlewareHandler<AppEnvironment> {
  return methodNotAllowed({
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
}
