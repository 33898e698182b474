/** Security headers: browsers may only read an answer (OWASP REST Security Cheat Sheet). */
import { mountingOf } from '../mounting.ts';
import type { Stage } from './stages.ts';

/**
 * Headers that a route may override: a page needs a policy of its own, and immutable answers may be cached.
 */
const DEFAULTS = {
  // `frame-ancestors` replaces X-Frame-Options.
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  // Answers are derived from the caller's own data.
  'Cache-Control': 'no-store',
} as const;

/**
 * Sets the security headers of every answer. Hono's `secureHeaders` takes more than twice as long.
 *
 * @example
 * app.use(inStages([securityHeaders]));
 */
export const securityHeaders: Stage = {
  after: (c) => {
    const { headers } = c.res;
    // It binds the whole host and all below it, which an app that is part of another one must not decide about.
    if (!mountingOf(c)?.path) headers.set('Strict-Transport-Security', 'max-age=15552000; includeSubDomains');
    headers.set('X-Content-Type-Options', 'nosniff');
    for (const name in DEFAULTS) {
      if (!headers.has(name)) headers.set(name, DEFAULTS[name as keyof typeof DEFAULTS]);
    }
  },
};
