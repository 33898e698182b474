/** Memory of a Worker's isolate after many requests. */

import type { WorkerBuild } from '../../../worker/build.ts';
import { inspectedWorker } from '../../../worker/inspectedWorker.ts';
import { type Measurement, measurement } from '../benchReport.ts';

const REQUESTS = 10_000;
const SAMPLES = 5;

/**
 * Measures the memory of the isolate (JavaScript, array buffers and WebAssembly, without garbage) in MB,
 * after a tenth of the requests and after all of them. The memory of the workerd process is less telling: it
 * grows while memory is available.
 */
export async function memoryGrowth(
  build: WorkerBuild,
  send: (url: URL) => Promise<unknown>,
): Promise<readonly [early: Measurement, late: Measurement]> {
  const { url, memory, dispose } = await inspectedWorker(build, { LOG: 'problems' });
  const sampled = async (name: string, requests: number): Promise<Measurement> => {
    const values: number[] = [];
    for (let i = 0; i < requests; i++) {
      await send(url);
      if (i >= requests - SAMPLES) values.push((await memory()) / 1e6);
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
