/** What one run of a graph takes inside a Worker. */
import { timed } from '../../lib/latency.ts';
import type { RunningWorker } from '../../lib/worker.ts';
import { type Measurement, measurement } from '../report.ts';

/** Runs in one request: long enough for the clock, short enough for many. */
const RUNS = { 1: 2000, 64: 100 } as const;

/**
 * Microseconds that a run takes in a Worker of `runWorker`: the time of a request for many, without that of a request for none.
 * `query` chooses what runs.
 */
export async function runTime(
  name: string,
  { url }: RunningWorker,
  batch: keyof typeof RUNS,
  { repetitions = 7, query = '' } = {},
): Promise<Measurement> {
  const ask = (runs: number) =>
    timed(async () => (await fetch(new URL(`/?runs=${runs}&batch=${batch}${query}`, url))).text());
  await ask(RUNS[batch]);
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const idle = await ask(0);
    const busy = await ask(RUNS[batch]);
    times.push(((busy.milliseconds - idle.milliseconds) * 1000) / RUNS[batch]);
  }
  return measurement(`run-${batch}/${name}`, 'us', times);
}
