/** Headers that keep browsers from doing anything with an answer but reading it (OWASP REST Security Cheat Sheet). */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnvironment } from '../environment.ts';

/**
 * For every answer. A route that sets one of these headers itself keeps its own, for instance a Content-Security-Policy
 * for a page, or a Cache-Control for what never changes.
 *
 * @example
 * app.use(securityHeaders());
 */
export function securityHeaders(): MiddlewareHandler<AppEnvironment> {
  const headers = secureHeaders({
    overwrite: false,
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    xFrameOptions: 'DENY',
    // For pages and their resources, which answers are not, or for browsers that are no more.
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    removePoweredBy: false,
  });
  return async (c, next) => {
    await headers(c, next);
    // Answers are made of the caller's own data.
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
  };
}
