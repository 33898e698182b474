/** Time to the first answer of a model in a Worker that has answered other requests before. */
import type { RunningWorker } from '../../../worker/worker.ts';
import { type Measurement, measurement } from '../benchReport.ts';
import { type ColdRequest, millisecondsToAnswer } from './coldRequest.ts';

/** Measures the milliseconds until the client has the first answer, each in its own workerd. */
export async function firstAnswer(
  name: string,
  start: () => Promise<Pick<RunningWorker, 'url' | 'dispose'>>,
  request: ColdRequest,
  starts = 10,
): Promise<Measurement> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    const { url, dispose } = await start();
    for (let warm = 0; warm < 3; warm++) await (await fetch(new URL('/health', url))).text();
    times.push(await millisecondsToAnswer(url, request));
    await dispose();
  }
  return measurement(`first-answer/${name}`, 'ms', times);
}
