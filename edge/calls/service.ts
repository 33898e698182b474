import type { Bindings, Services } from '../environment.ts';
import { createInFlight } from '../inFlight.ts';
import type { KeepAlive } from '../models/stale.ts';
import type { RowLogging } from '../rowLog/policy.ts';
import { createRowLog } from '../rowLog/rowLog.ts';
import { createShadowing } from '../shadow/shadowing.ts';
import { reportingDrift } from '../telemetry/analytics.ts';
import { createInferences } from '../telemetry/inferences.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createShadows } from '../telemetry/shadows.ts';

/** Models, and the state that all ways to call them share. */
export type Service = Required<Omit<Services, Absent>> & Pick<Services, Absent>;

/** Parts that a service may be without. */
type Absent = 'mcp' | 'rowLog';

/** The parts that a service is created from. */
export interface ServiceParts extends Omit<Services, 'rowLog' | 'shadowing'> {
  /** The rows to log. Default: none. */
  readonly logRows?: RowLogging | undefined;
  /** Keeps the isolate alive until the promise is settled. Default: nothing does. */
  readonly keepAlive?: KeepAlive;
}

/**
 * Creates the service of an isolate, which has exactly one.
 *
 * @example
 * const service = createService({ models, settings: readSettings(env), bindings: readBindings(env) });
 */
export function createService({
  models,
  settings,
  mcp,
  bindings = {},
  logRows = { models: {} },
  keepAlive = () => undefined,
}: ServiceParts): Service {
  const analytics: Bindings['analytics'] = bindings.analytics;
  const counters = {
    metrics: createMetrics(),
    drift: reportingDrift(analytics),
    inferences: createInferences(),
    shadows: createShadows(),
  };
  const { metrics, shadows } = counters;
  const inFlight = createInFlight();
  const rowLog = createRowLog({ logging: logRows, binding: bindings.rows, metrics, keepAlive });
  const shadowing = createShadowing({ models, shadows, inFlight, keepAlive });
  return { models, settings, mcp, bindings, ...counters, inFlight, rowLog, shadowing };
}
