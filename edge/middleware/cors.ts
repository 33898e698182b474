/** Which web pages may call the API from a browser (the Fetch standard's CORS protocol). */
import type { MiddlewareHandler } from 'hono';
import { cors as honoCors } from 'hono/cors';
import type { AppEnvironment } from '../environment.ts';
import type { Settings } from '../settings.ts';

/** Headers of answers that a page may read beside the few that it always may. */
const EXPOSED = [
  'X-Seed',
  'Inference-Header-Content-Length',
  'Retry-After',
  'Server-Timing',
  'WWW-Authenticate',
  'X-Model-Version',
  'X-Request-Id',
];
/** Seconds for which a browser remembers a preflight; Chromium takes no more. */
const MAX_AGE = 7200;

/**
 * Answers preflights, and lets pages of the given origins read answers. Preflights are those OPTIONS requests that name
 * the method to come; others ask for the methods of a path, and are answered there (`methods`).
 *
 * @example
 * app.use(cors(['https://example.com']));
 */
export function cors(origins: Settings['corsOrigins']): MiddlewareHandler<AppEnvironment> {
  const answer = honoCors({
    origin: origins === '*' ? origins : [...origins],
    // The API knows no other methods; headers are those that the page asks for.
    allowMethods: ['GET', 'HEAD', 'POST'],
    exposeHeaders: EXPOSED,
    maxAge: MAX_AGE,
  });
  return (c, next) => {
    const isPlain = c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') === undefined;
    return isPlain ? next() : answer(c, next);
  };
}
