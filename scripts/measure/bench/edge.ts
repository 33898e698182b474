/**
 * Benchmarks of the Worker in workerd on this machine: runtimes, overhead over a minimal Worker, and
 * applications.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainRecipe } from '../../cli/training.ts';
import { V8_FLAGS_VARIABLE } from '../../worker/workerdProcess.ts';
import { type BenchReport, type BenchResults, machine } from './benchReport.ts';
import { benchApplications } from './edge/applications.ts';
import { benchCold } from './edge/cold.ts';
import { benchDoors } from './edge/doors.ts';
import type { EdgeBench } from './edge/edgeBench.ts';
import { benchIsolates } from './edge/isolates.ts';
import { benchJobs } from './edge/jobs.ts';
import { benchOverhead } from './edge/overhead.ts';
import { benchRuntimes } from './edge/runtimes.ts';
import { benchShadow } from './edge/shadow.ts';

/** Every benchmark of the Worker by its name. */
export const EDGE_CASES = {
  cold: { summary: 'start of an isolate, and its first answer', measure: benchCold },
  runtimes: { summary: 'size of the upload, and time and memory of a run', measure: benchRuntimes },
  overhead: { summary: 'requests per second, next to a minimal Worker', measure: benchOverhead },
  doors: { summary: 'calls from another Worker by RPC and by HTTP', measure: benchDoors },
  isolates: { summary: 'versions from a bucket, each in an isolate of its own', measure: benchIsolates },
  jobs: { summary: 'rows per second of a job, next to streamed answers', measure: benchJobs },
  shadow: { summary: 'requests per second, and latency, with a shadow and without', measure: benchShadow },
  applications: { summary: 'recommendations and heartbeats', measure: benchApplications },
} as const satisfies Record<string, EdgeCase>;

interface EdgeCase {
  readonly summary: string;
  readonly measure: (bench: EdgeBench) => Promise<BenchResults>;
}

export type EdgeCaseName = keyof typeof EDGE_CASES;

export async function benchEdge(
  print: (line: string) => void,
  names: readonly EdgeCaseName[],
): Promise<BenchReport> {
  // What a deployment runs: flags that commands pass here are for machines with few cores.
  process.env[V8_FLAGS_VARIABLE] ??= '';
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-bench-'));
  try {
    const run = { out: folder, engine: 'onnxruntime', seed: 1, force: true, set: ['epochs=1'] };
    const { artifact, split } = await trainRecipe('digits', run, () => undefined);
    const bench = { artifact, rows: split.test.data, folder, print };
    const parts: BenchResults[] = [];
    for (const name of names) parts.push(await EDGE_CASES[name].measure(bench));
    return {
      machine: machine(),
      results: parts.flatMap(({ results }) => results),
      ratios: parts.flatMap(({ ratios }) => ratios),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
