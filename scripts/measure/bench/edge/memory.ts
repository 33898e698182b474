/** What a Worker's isolate holds after so many requests. */
import { inspectedWorker } from '../../../worker/inspectedWorker.ts';
import type { WorkerBuild } from '../../../worker/worker.ts';
import { type Measurement, measurement } from '../report.ts';

const REQUESTS = 10_000;
const SAMPLES = 5;

/**
 * MB after a tenth of the requests and after all of them, without garbage: of JavaScript, array buffers and WebAssembly. What the
 * process of workerd holds says less: it grows as long as there is memory.
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
