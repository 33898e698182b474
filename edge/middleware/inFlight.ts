/** Releasing what a request holds. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { holdOf, type InFlight } from '../inFlight.ts';
import type { Limits } from '../settings.ts';

/**
 * Sets `c.var.hold`, the bytes that the request holds, and releases them once it is answered. Comes before
 * the time limit, which answers requests that go on.
 *
 * @example
 * app.use(inFlight(createInFlight(), settings.limits));
 */
export function inFlight(shared: InFlight, limits: Limits): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    const hold = holdOf(shared, limits, c.req.raw);
    c.set('hold', hold);
    await next();
    hold.settle();
  };
}
