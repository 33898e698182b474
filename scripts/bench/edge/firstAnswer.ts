/** The first answer of a model in a Worker that has answered something else before. */
import { timed } from '../../lib/latency.ts';
import { startWorker, type WorkerBuild } from '../../lib/worker.ts';
import { type Measurement, measurement } from '../report.ts';
import type { ColdRequest } from './coldStart.ts';

/** Milliseconds that the first run takes as its client sees it, each in a workerd of its own. */
export async function firstAnswer(
  name: string,
  build: WorkerBuild,
  { path, rows }: ColdRequest,
  starts = 10,
): Promise<Measurement> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    const { url, dispose } = await startWorker(build);
    for (let warm = 0; warm < 3; warm++) await (await fetch(new URL('/health', url))).text();
    const { milliseconds } = await timed(async () => {
      const headers = { 'Content-Type': 'application/octet-stream' };
      const response = await fetch(new URL(path, url), { method: 'POST', headers, body: rows });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return response.arrayBuffer();
    });
    times.push(milliseconds);
    await dispose();
  }
  return measurement(`first-answer/${name}`, 'ms', times);
}
