/** What Cloudflare charges for a Worker. */
import type { Plan } from './limits.ts';

/** US dollars, as the page `source` of the date `asOf` has them; R2 and Analytics Engine are charged separately. */
export const PRICES = {
  source: 'https://developers.cloudflare.com/workers/platform/pricing/',
  asOf: '2026-10-02',
  free: { requestsPerDay: 100_000 },
  paid: {
    month: 5,
    included: { requests: 10_000_000, cpuMs: 30_000_000 },
    /** For each million beyond what is included. */
    perMillion: { requests: 0.3, cpuMs: 0.02 },
  },
} as const;

const MILLION = 1_000_000;
const DAYS = 30;

/** Requests a month for which costs are shown. */
export const VOLUMES = [1, 10, 100].map((millions) => millions * MILLION);

/**
 * The US dollars that a month of `requests` costs, each of which takes `cpuMs`; undefined for more requests than the
 * plan answers in a month of 30 days.
 *
 * @example
 * monthlyCost('paid', 100_000_000, 0.2); // 32
 */
export function monthlyCost(plan: Plan, requests: number, cpuMs: number): number | undefined {
  if (plan === 'free') return requests <= PRICES.free.requestsPerDay * DAYS ? 0 : undefined;
  const { month, included, perMillion } = PRICES.paid;
  const beyond = (amount: number, free: number) => Math.max(0, amount - free) / MILLION;
  return (
    month +
    beyond(requests, included.requests) * perMillion.requests +
    beyond(requests * cpuMs, included.cpuMs) * perMillion.cpuMs
  );
}
