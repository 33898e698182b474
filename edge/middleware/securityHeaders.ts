/** Headers that keep browsers from doing anything with an answer but reading it (OWASP REST Security Cheat Sheet). */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { mountingOf } from '../mounting.ts';

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
  // It binds the whole host and all below it, which an app that is part of another one must not decide about.
  if (!mountingOf(c)?.path) headers.set('Strict-Transport-Security', 'max-age=15552000; includeSubDomains');
  headers.set('X-Content-Type-Options', 'nosniff');
  for (const name in DEFAULTS) {
    if (!headers.has(name)) headers.set(name, DEFAULTS[name as keyof typeof DEFAULTS]);
  }
};
