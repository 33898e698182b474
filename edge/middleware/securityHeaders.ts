/** Headers that keep browsers from doing anything with an answer but reading it (OWASP REST Security Cheat Sheet). */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';

/** The same for every answer. */
const HEADERS = {
  'Strict-Transport-Security': 'max-age=15552000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Unless the route says otherwise: a page needs a policy of its own, and what never changes may be cached. */
const DEFAULTS = {
  // `frame-ancestors` is what X-Frame-Options was before.
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  // Answers are made of the caller's own data.
  'Cache-Control': 'no-store',
} as const;

/**
 * For every answer. (Hono's `secureHeaders` does the same in more than twice the time: it asks for each header first.)
 *
 * @example
 * app.use(securityHeaders);
 */
export const securityHeaders: MiddlewareHandler<AppEnvironment> = async (c, next) => {
  await next();
  const { headers } = c.res;
  for (const name in HEADERS) headers.set(name, HEADERS[name as keyof typeof HEADERS]);
  for (const name in DEFAULTS) {
    if (!headers.has(name)) headers.set(name, DEFAULTS[name as keyof typeof DEFAULTS]);
  }
};
