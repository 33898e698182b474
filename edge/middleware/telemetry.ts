/**
 * The record of every request, reported once it is answered: in headers, log, metrics and Analytics Engine.
 */

import { routePath } from 'hono/route';
import { elapsedSince } from '../runtime/elapsed.ts';
import type { Settings } from '../settings.ts';
import type { AnalyticsDataset } from '../telemetry/analytics.ts';
import { newRecord, serverTiming } from '../telemetry/record.ts';
import { tell } from '../telemetry/tell.ts';
import type { Stage } from './stages.ts';

/**
 * Must come before every other stage, so that it sees every answer. On Cloudflare's network, the clock
 * advances only with input and output, so phases that only compute report 0 ms.
 *
 * @example
 * app.use(inStages([telemetry(settings, env.ANALYTICS)]));
 */
export function telemetry({ log }: Settings, analytics: AnalyticsDataset | undefined): Stage {
  return {
    before: (c) => c.set('record', newRecord(c.req.raw.headers)),
    after: (c) => {
      const record = c.get('record');
      const milliseconds = elapsedSince(record.startedAt);
      const { headers, status } = c.res;
      headers.set('X-Request-Id', record.requestId);
      headers.set('Server-Timing', serverTiming(record, milliseconds));
      const answered = { method: c.req.method, route: routePath(c, -1), status, milliseconds };
      tell(record, answered, { metrics: c.get('metrics'), analytics, log });
    },
  };
}
