/** Duration of one run of a graph inside a Worker. */

import type { RunningWorker } from '../../../worker/worker.ts';
import { timed } from '../../latency.ts';
import { type Measurement, measurement } from '../benchReport.ts';

/** Runs per request, by batch size: enough for an exact time, few enough for many rounds. */
const RUNS = { 1: 2000, 64: 100 } as const;
const ROUNDS = 9;

/**
 * Measures the microseconds of a run in each of the given Workers, which must be built from `runWorker`: the
 * time of a request for many runs, less that of a request for none. The contenders take turns, so that other
 * load on the machine affects all of them alike.
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
