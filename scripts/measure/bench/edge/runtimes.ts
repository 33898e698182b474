/**
 * The frozen runtime compared with the unmodified onnxruntime-web: upload size, run time and memory.
 */
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keysOf } from '../../../../training/registry.ts';
import { buildWorker, type WorkerBuild } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { RUNTIMES, type RuntimeName } from '../../../worker/runtimes.ts';
import { startWorker } from '../../../worker/worker.ts';
import {
  type BenchResults,
  limit,
  type Measurement,
  measurement,
  type Ratio,
  ratio,
} from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';
import { memoryGrowth } from './memoryGrowth.ts';
import { runTimes } from './runTime.ts';

const PATH = '/v1/models/digits/encode';
const runWorker = (name: string) => fileURLToPath(new URL(`runWorker/${name}/index.ts`, import.meta.url));
const RUN_WORKERS = {
  session: runWorker('session'),
  inferenceSession: runWorker('inferenceSession'),
  loop: runWorker('loop'),
} as const;
const quiet = { log: () => undefined, variables: { LOG: 'problems' } };

export async function benchRuntimes(bench: EdgeBench): Promise<BenchResults> {
  const { rows, artifact, print } = bench;
  const request = { path: PATH, rows: rows.slice(0, artifact.manifest.features.count) };
  const builds: Partial<Record<RuntimeName, WorkerBuild>> = {};
  const results: Measurement[] = [];
  const add = (each: Measurement): Measurement => {
    results.push(each);
    print(`${each.name}: ${each.median.toPrecision(3)} ${each.unit}`);
    return each;
  };
  for (const runtime of keysOf(RUNTIMES)) {
    builds[runtime] = await built(bench, runtime);
    add(measurement(`upload/${runtime}`, 'KiB', [builds[runtime].bytes / 1024]));
  }
  const frozen = builds.frozen!;
  const upload = results.find(({ name }) => name === 'upload/frozen')!;
  const run = await compareRuns(bench, add);
  const send = async (url: URL) => {
    const headers = { 'Content-Type': 'application/octet-stream' };
    await (await fetch(new URL(PATH, url), { method: 'POST', headers, body: request.rows })).arrayBuffer();
  };
  const [early, late] = await memoryGrowth(frozen, send);
  add(early);
  add(late);
  return {
    results,
    ratios: [limit(upload, 64 * 1024), run, limit(late, 48), ratio(late, early, '<=', 1.05)],
  };
}

/** Compares runs on our runtimes, with onnxruntime-web itself, and in plain TypeScript. */
async function compareRuns(bench: EdgeBench, add: (each: Measurement) => Measurement): Promise<Ratio> {
  const start = async (runtime: RuntimeName, main: keyof typeof RUN_WORKERS) =>
    startWorker(await built(bench, runtime, RUN_WORKERS[main]), quiet);
  const workers = {
    frozen: await start('frozen', 'session'),
    stock: await start('stock', 'session'),
    'inference-session': await start('stock', 'inferenceSession'),
    'plain-typescript': await start('frozen', 'loop'),
  };
  try {
    const one = await runTimes(workers, 1);
    const many = await runTimes(workers, 64);
    for (const each of [...Object.values(one), ...Object.values(many)]) add(each);
    // One row: with many rows, most of the time is spent in kernels that both runtimes share.
    return ratio(one.frozen, one['inference-session'], '<=', 0.6);
  } finally {
    await Promise.all(Object.values(workers).map(({ dispose }) => dispose()));
  }
}

async function built(
  { artifact, folder }: EdgeBench,
  runtime: RuntimeName,
  main?: string,
): Promise<WorkerBuild> {
  const name = main === undefined ? runtime : `${runtime}-${basename(dirname(main))}`;
  const models = await bundleModels([artifact], join(folder, name, 'bundle'), { runtime });
  return buildWorker(join(folder, name, 'worker'), models, main);
}
