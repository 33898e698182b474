/** The record of every request, and what is told of it once it is answered: headers, log, metrics, Analytics Engine. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppEnvironment } from '../environment.ts';
import type { Settings } from '../settings.ts';
import type { AnalyticsDataset } from '../telemetry/analytics.ts';
import { newRecord, serverTiming } from '../telemetry/record.ts';
import { tell } from '../telemetry/tell.ts';

/**
 * Comes before every other middleware, so that it sees every answer. Workers' clocks stand still but for input and output:
 * in Cloudflare's network, phases that only compute take 0 ms here.
 *
 * @example
 * app.use(telemetry(settings, env.ANALYTICS));
 */
export function telemetry(
  { log }: Settings,
  analytics: AnalyticsDataset | undefined,
): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    const record = newRecord();
    const start = performance.now();
    c.set('record', record);
    await next();
    const milliseconds = performance.now() - start;
    const { headers, status } = c.res;
    headers.set('X-Request-Id', record.requestId);
    headers.set('Server-Timing', serverTiming(record, milliseconds));
    const answered = { method: c.req.method, route: routePath(c, -1), status, milliseconds };
    tell(record, answered, { metrics: c.get('metrics'), analytics, log });
  };
}
