/**
 * Cloudflare's limits for a Worker (https://developers.cloudflare.com/workers/platform/limits/, as of 2026-11-29).
 * Since September 2026 there is one limit of size, for the upload as it is: those of 3 and 10 MiB gzip are gone.
 */
import type { BudgetFigures } from './measureBudget.ts';

type LimitedFigure = Exclude<keyof BudgetFigures, 'meanRequest'>;

export const PLANS = ['free', 'paid'] as const;
export type Plan = (typeof PLANS)[number];

interface BudgetLimit {
  readonly title: string;
  readonly unit: string;
  /** Limits by plan, in `unit`. */
  readonly limits: Readonly<Record<Plan, number>>;
}

/** CPU time per request in milliseconds; on the paid plan, `limits.cpu_ms` raises it to up to 5 minutes. */
const CPU_MS = { free: 10, paid: 30_000 } as const;

export const LIMITS = {
  upload: { title: 'upload', unit: 'KiB', limits: { free: 64 * 1024, paid: 64 * 1024 } },
  memory: { title: 'memory', unit: 'MiB', limits: { free: 128, paid: 128 } },
  startup: { title: 'start-up, CPU', unit: 'ms', limits: { free: 1000, paid: 1000 } },
  firstRequest: { title: 'first request, CPU', unit: 'ms', limits: CPU_MS },
  request: { title: 'later requests, CPU, p99', unit: 'ms', limits: CPU_MS },
} as const satisfies Record<LimitedFigure, BudgetLimit>;

/** Names of the figures that exceed the limits of the plan. */
export function exceeded(figures: BudgetFigures, plan: Plan): LimitedFigure[] {
  const names = Object.keys(LIMITS) as LimitedFigure[];
  return names.filter((name) => figures[name] > LIMITS[name].limits[plan]);
}
