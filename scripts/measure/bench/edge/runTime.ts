/** What one run of a graph takes inside a Worker. */

import type { RunningWorker } from '../../../worker/worker.ts';
import { timed } from '../../latency.ts';
import { type Measurement, measurement } from '../report.ts';

/** Runs in one request: long enough for the clock, short enough for many. */
const RUNS = { 1: 2000, 64: 100 } as const;
const ROUNDS = 9;

/**
 * Microseconds that a run takes in each of these Workers, which are those of `runWorker`: the time of a request for many, without that of a request for none. The contenders take turns,
 * so that all have the same share of whatever else the machine does.
 */
export async function runTimes<Name extends string>(
  workers: Readonly<Record<Name, RunningWorker>>,
  batch: keyof typeof RUNS,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(workers) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const { url } = workers[name];
      const ask = (runs: number) =>
        timed(async () => (await fetch(new URL(`/?runs=${runs}&batch=${batch}`, url))).text());
      const idle = await ask(0);
      const busy = await ask(RUNS[batch]);
      // The first round warms up.
      if (round > 0) times[name].push(((busy.milliseconds - idle.milliseconds) * 1000) / RUNS[batch]);
    }
  }
  const entries = names.map((name) => [name, measurement(`run-${batch}/${name}`, 'us', times[name])]);
  return Object.fromEntries(entries) as Record<Name, Measurement>;
}
