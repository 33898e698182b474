import type { Bindings, Services } from '../environment.ts';
import { createInFlight } from '../inFlight.ts';
import { reportingDrift } from '../telemetry/analytics.ts';
import { createInferences } from '../telemetry/inferences.ts';
import { createMetrics } from '../telemetry/metrics.ts';

/** Models, and the state that all ways to call them share. */
export type Service = Required<Omit<Services, 'mcp'>> & Pick<Services, 'mcp'>;

/**
 * Creates the service of an isolate, which has exactly one.
 *
 * @example
 * const service = createService({ models, settings: readSettings(env), bindings: readBindings(env) });
 */
export function createService({ models, settings, mcp, bindings = {} }: Services): Service {
  const analytics: Bindings['analytics'] = bindings.analytics;
  const counters = {
    metrics: createMetrics(),
    drift: reportingDrift(analytics),
    inferences: createInferences(),
  };
  return { models, settings, mcp, bindings, ...counters, inFlight: createInFlight() };
}
