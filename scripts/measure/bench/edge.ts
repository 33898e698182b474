/**
 * Benchmarks of the Worker in workerd on this machine: runtimes, overhead over a minimal Worker, and
 * applications.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainRecipe } from '../../cli/training.ts';
import { type BenchReport, machine } from './benchReport.ts';
import { benchApplications } from './edge/applications.ts';
import { benchCold } from './edge/cold.ts';
import { benchDoors } from './edge/doors.ts';
import { benchOverhead } from './edge/overhead.ts';
import { benchRuntimes } from './edge/runtimes.ts';

export async function benchEdge(print: (line: string) => void): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-bench-'));
  try {
    const run = { out: folder, engine: 'onnxruntime', seed: 1, set: ['epochs=1'] };
    const { artifact, split } = await trainRecipe('digits', run, () => undefined);
    const bench = { artifact, rows: split.test.data, folder, print };
    const parts = [
      await benchCold(bench),
      await benchRuntimes(bench),
      await benchOverhead(bench),
      await benchDoors(bench),
      await benchApplications(bench),
    ];
    return {
      machine: machine(),
      results: parts.flatMap(({ results }) => results),
      ratios: parts.flatMap(({ ratios }) => ratios),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
