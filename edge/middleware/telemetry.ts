/**
 * The record of every request, reported once it is answered: in headers, log, metrics and Analytics Engine.
 */

import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppEnvironment } from '../environment.ts';
import { elapsedSince } from '../runtime/elapsed.ts';
import type { Settings } from '../settings.ts';
import type { AnalyticsDataset } from '../telemetry/analytics.ts';
import { newRecord, serverTiming } from '../telemetry/record.ts';
import { tell } from '../telemetry/tell.ts';

/**
 * Must come before every other middleware, so that it sees every answer. On Cloudflare's network, the clock
 * advances only with input and output, so phases that only compute report 0 ms.
 *
 * @example
 * app.use(telemetry(settings, env.ANALYTICS));
 */
export function telemetry(
  { log }: Settings,
  analytics: AnalyticsDataset | undefined,
): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    const record = newRecord(c.req.raw.headers);
    const start = performance.now();
    c.set('record', record);
    await next();
    const milliseconds = elapsedSince(start);
    const { headers, status } = c.res;
    headers.set('X-Request-Id', record.requestId);
    headers.set('Server-Timing', serverTiming(record, milliseconds));
    const answered = { method: c.req.method, route: routePath(c, -1), status, milliseconds };
    tell(record, answered, { metrics: c.get('metrics'), analytics, log });
  };
}
