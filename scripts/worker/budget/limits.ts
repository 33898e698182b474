/** What Cloudflare allows a Worker (https://developers.cloudflare.com/workers/platform/limits/). */
import type { Figures } from './measure.ts';

export const PLANS = ['free', 'paid'] as const;
export type Plan = (typeof PLANS)[number];

interface Limit {
  readonly title: string;
  readonly unit: string;
  /** By plan, in that unit. */
  readonly limits: Readonly<Record<Plan, number>>;
}

/** `limits.cpu_ms` may be raised to 5 minutes on the paid plan; this is what it is without. */
const CPU_MS = { free: 10, paid: 30_000 } as const;

export const LIMITS = {
  uploadGzip: { title: 'upload, gzip', unit: 'KiB', limits: { free: 3 * 1024, paid: 10 * 1024 } },
  upload: { title: 'upload', unit: 'KiB', limits: { free: 64 * 1024, paid: 64 * 1024 } },
  memory: { title: 'memory', unit: 'MiB', limits: { free: 128, paid: 128 } },
  startup: { title: 'start-up, CPU', unit: 'ms', limits: { free: 1000, paid: 1000 } },
  firstRequest: { title: 'first request, CPU', unit: 'ms', limits: CPU_MS },
  request: { title: 'later requests, CPU, p99', unit: 'ms', limits: CPU_MS },
} as const satisfies Record<keyof Figures, Limit>;

/** The figures that are above what the plan allows. */
export function exceeded(figures: Figures, plan: Plan): (keyof Figures)[] {
  const names = Object.keys(LIMITS) as (keyof Figures)[];
  return names.filter((name) => figures[name] > LIMITS[name].limits[plan]);
}
