/** Access from web pages of other origins (the Fetch standard's CORS protocol). */
import type { MiddlewareHandler } from 'hono';
import { cors as honoCors } from 'hono/cors';
import type { AppEnvironment } from '../environment.ts';
import type { Settings } from '../settings.ts';

/** Headers that a page may read in addition to the few that it always may. */
const EXPOSED = [
  'X-Seed',
  'Inference-Header-Content-Length',
  'Retry-After',
  'Server-Timing',
  'WWW-Authenticate',
  'X-Model-Version',
  'X-Request-Id',
  'X-Unanswered-Rows',
  'X-Unseen-Categories',
];
/** Seconds for which a browser caches a preflight: the maximum of Chromium. */
const MAX_AGE = 7200;

/**
 * Answers preflights, and lets pages of the given origins read answers. A preflight is an OPTIONS request
 * that names the method to come; any other OPTIONS asks for the methods of a path, and is answered by
 * `unrouted`.
 *
 * @example
 * app.use(cors(['https://example.com']));
 */
export function cors(origins: Settings['corsOrigins']): MiddlewareHandler<AppEnvironment> {
  const answer = honoCors({
    origin: origins === '*' ? origins : [...origins],
    // The API has no other methods. Without `allowHeaders`, all headers that the page asks for are allowed.
    allowMethods: ['GET', 'HEAD', 'POST'],
    exposeHeaders: EXPOSED,
    maxAge: MAX_AGE,
  });
  return (c, next) => {
    const isPlain = c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') === undefined;
    return isPlain ? next() : answer(c, next);
  };
}
