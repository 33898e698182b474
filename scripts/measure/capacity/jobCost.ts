/** Prices of a job on Cloudflare's network. */
import { monthlyCost, PRICES } from '../../worker/budget/prices.ts';
import type { SimulatedJob } from './jobRun.ts';

const MILLION = 1_000_000;

/**
 * US dollars for each million, beyond what the paid plan includes in a month. Taken on 2026-11-30 from copies and
 * summaries of these pages, not from the pages themselves.
 */
export const JOB_PRICES = {
  sources: [
    'https://developers.cloudflare.com/queues/platform/pricing/',
    'https://developers.cloudflare.com/r2/pricing/',
    'https://developers.cloudflare.com/workflows/reference/pricing/',
  ],
  queue: { perMillion: 0.4, included: MILLION },
  /** R2 operations that write or list, and those that read. */
  classA: { perMillion: 4.5, included: MILLION },
  classB: { perMillion: 0.36, included: 10 * MILLION },
} as const;

/** CPU milliseconds that an invocation may take on the free plan: a chunk takes more. */
export const FREE_CPU_MS = 10;
/** Messages of an invocation of a consumer. */
const BATCH = 2;
/** A message is written, read and deleted; delivered again, it is read again. */
const MESSAGE = { first: 3, again: 1 } as const;
/** R2 operations of a delivery: reading the record, the chunk and three heads; writing the answers. */
const DELIVERY = { classA: 1, classB: 5 } as const;
/** R2 operations of a step: a head, and the progress that it writes; of a look, a list, too. */
const STEP = { classA: 1, classB: 1 } as const;

export interface JobUse {
  readonly cpuMs: number;
  readonly invocations: number;
  readonly queue: number;
  readonly classA: number;
  readonly classB: number;
}

/** Counts what a job uses. @param cpuMs CPU milliseconds of a row. */
export function useOf(
  { chunks, deliveries, steps, looks, windows, parts }: SimulatedJob,
  rows: number,
  cpuMs: number,
): JobUse {
  return {
    cpuMs: rows * cpuMs,
    // The Workflow is one, however many steps it has.
    invocations: Math.ceil(deliveries / BATCH) + 1,
    queue: MESSAGE.first * chunks + MESSAGE.again * (deliveries - chunks),
    classA: DELIVERY.classA * deliveries + STEP.classA * steps + looks + windows + parts,
    // A part is read from the answers, of which it holds several.
    classB: DELIVERY.classB * deliveries + STEP.classB * steps + windows + chunks,
  };
}

/** US dollars of a job in a month that has used up what the plan includes. */
export function marginalCost({ cpuMs, invocations, queue, classA, classB }: JobUse): number {
  const { requests, cpuMs: cpu } = PRICES.paid.perMillion;
  const { queue: queues, classA: writes, classB: reads } = JOB_PRICES;
  return (
    (invocations * requests +
      cpuMs * cpu +
      queue * queues.perMillion +
      classA * writes.perMillion +
      classB * reads.perMillion) /
    MILLION
  );
}

/** US dollars of a month on the paid plan in which nothing runs but the job. */
export function monthWith({ cpuMs, invocations, ...operations }: JobUse): number {
  const beyond = (['queue', 'classA', 'classB'] as const).map((kind) => {
    const { perMillion, included } = JOB_PRICES[kind];
    return (Math.max(0, operations[kind] - included) * perMillion) / MILLION;
  });
  const workers = monthlyCost('paid', invocations, cpuMs / invocations)!;
  return beyond.reduce((sum, cost) => sum + cost, workers);
}
