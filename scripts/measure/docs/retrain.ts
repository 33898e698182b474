/** Tables of what `npm run retrain` does, written from its registries. */

import type { Gate } from '../../retrain/gates/gate.ts';
import { LIVE_GATES } from '../../retrain/gates/live.ts';
import { DATA_GATES, MODEL_GATES } from '../../retrain/gates/registry.ts';
import { METRICS, type Metric } from '../../retrain/metrics/registry.ts';
import { STEPS } from '../../retrain/steps/registry.ts';
import { code, markdownTable } from '../markdown.ts';

export function stepsTable(): string {
  return markdownTable(
    ['step', 'description'],
    Object.entries(STEPS).map(([name, { summary }]) => [code(name), summary]),
  );
}

export function dataGatesTable(): string {
  return gatesTable(DATA_GATES);
}

export function modelGatesTable(): string {
  return gatesTable(MODEL_GATES);
}

export function liveGatesTable(): string {
  return gatesTable(LIVE_GATES);
}

function gatesTable(gates: Readonly<Record<string, Gate>>): string {
  const rows = Object.entries(gates).map(([name, { summary, limit }]) => {
    return [code(name), summary, limit === undefined ? '' : `${limit}`];
  });
  return markdownTable(['gate', 'passes', 'limit'], rows);
}

export function metricsTable(): string {
  const rows = Object.entries<Metric>(METRICS).map(([name, { summary, drop, limit, confidence }]) => {
    const allowed = drop === 'relative' ? `${100 * limit} % of the champion's` : `${limit}`;
    return [code(name), summary, allowed, `${100 * confidence} %`];
  });
  return markdownTable(['metric', 'description', 'largest drop allowed', 'interval'], rows);
}
