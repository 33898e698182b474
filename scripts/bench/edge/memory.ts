/** What a Worker's process has more than one that only says hello, after so many requests. */
import { privateMemory, workerdProcesses } from '../../lib/budget/process.ts';
import type { RunningWorker } from '../../lib/worker.ts';
import { type Measurement, measurement } from '../report.ts';

const REQUESTS = 10_000;
const SAMPLES = 5;

/** MB after a tenth of the requests and after all of them, and what one of the processes has that only says hello. */
export async function memoryGrowth(
  start: () => Promise<RunningWorker>,
  hello: number,
  send: (url: URL) => Promise<unknown>,
): Promise<readonly [early: Measurement, late: Measurement]> {
  const others = new Set(await workerdProcesses());
  const { url, dispose } = await start();
  const pid = (await workerdProcesses()).find((each) => !others.has(each))!;
  const sampled = async (name: string, requests: number): Promise<Measurement> => {
    const values: number[] = [];
    for (let i = 0; i < requests; i++) {
      await send(url);
      if (i >= requests - SAMPLES) values.push((await privateMemory(pid)) * 1.048576 - hello);
    }
    return measurement(`memory/${name}`, 'MB', values);
  };
  try {
    return [
      await sampled('after-1000-requests', REQUESTS / 10),
      await sampled('after-10000-requests', REQUESTS - REQUESTS / 10),
    ];
  } finally {
    await dispose();
  }
}
