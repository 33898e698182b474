/** Releasing what a request holds. */
import { holdOf, type InFlight } from '../inFlight.ts';
import type { Limits } from '../settings.ts';
import type { Stage } from './stages.ts';

/**
 * Sets `c.var.hold`, the bytes that the request holds, and releases them once it is answered. Comes before
 * the time limit, which answers requests that go on.
 *
 * @example
 * app.use(inStages([inFlight(createInFlight(), settings.limits)]));
 */
export function inFlight(shared: InFlight, limits: Limits): Stage {
  return {
    before: (c) => c.set('hold', holdOf(shared, limits, c.req.raw)),
    after: (c) => c.get('hold').settle(),
  };
}
