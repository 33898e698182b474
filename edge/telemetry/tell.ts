/** Reporting the record of a request once it is answered: to metrics, Analytics Engine and the log. */
import type { Settings } from '../settings.ts';
import { type AnalyticsDataset, writeRequest } from './analytics.ts';
import { logRequest, type RequestOutcome } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { RequestRecord } from './record.ts';

export interface Listeners {
  readonly metrics: Metrics;
  readonly analytics: AnalyticsDataset | undefined;
  /** Logs every request, only those that ended in a problem, or none. */
  readonly log: Settings['log'];
}

/**
 * Reports the record of a request.
 *
 * @example
 * tell(record, { method: 'POST', route: '/v1/models/:model/encode', status: 200, milliseconds: 3.2 }, listeners);
 */
export function tell(
  record: RequestRecord,
  answered: RequestOutcome,
  { metrics, analytics, log }: Listeners,
): void {
  const { status, milliseconds } = answered;
  metrics.count(record, status, milliseconds);
  if (analytics) writeRequest(analytics, record, milliseconds);
  if (log === 'errors' || (log === 'problems' && record.problem === undefined)) return;
  logRequest(record, { ...answered, milliseconds: Math.round(milliseconds) });
}
