/** The frozen runtime beside the unmodified onnxruntime-web: how large it is, how it starts, how it runs, what it holds. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keysOf } from '../../../training/registry.ts';
import { privateMemory, workerdProcesses } from '../../lib/budget/process.ts';
import { bundleModels } from '../../lib/bundle.ts';
import { startHello } from '../../lib/hello.ts';
import { RUNTIMES, type RuntimeName } from '../../lib/runtimes.ts';
import { buildWorker, startWorker, type WorkerBuild } from '../../lib/worker.ts';
import type { EdgeBench, Results } from '../edge.ts';
import { type Measurement, measurement, type Ratio, ratio } from '../report.ts';
import { coldStart } from './coldStart.ts';
import { firstAnswer } from './firstAnswer.ts';
import { memoryGrowth } from './memory.ts';
import { runTime } from './runTime.ts';

const PATH = '/v1/models/digits/encode';
const RUN_WORKER = fileURLToPath(new URL('runWorker/index.ts', import.meta.url));
const BATCHES = [1, 64] as const;
const quiet = { log: () => undefined, variables: { LOG: 'problems' } };

export async function benchRuntimes(bench: EdgeBench): Promise<Results> {
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
    add(measurement(`upload/${runtime}`, 'KiB gzip', [builds[runtime].gzipBytes / 1024]));
  }
  const [frozen, stock] = [builds.frozen!, builds.stock!];
  const upload = results.find(({ name }) => name === 'upload/frozen')!;
  const cold = add(await coldStart('frozen', frozen, request));
  const coldStock = add(await coldStart('stock', stock, request));
  const first = add(await firstAnswer('frozen', frozen, request));
  const firstStock = add(await firstAnswer('stock', stock, request));
  const runs = await runTimes(bench, add);
  const send = async (url: URL) => {
    const headers = { 'Content-Type': 'application/octet-stream' };
    await (await fetch(new URL(PATH, url), { method: 'POST', headers, body: request.rows })).arrayBuffer();
  };
  const [early, late] = await memoryGrowth(() => startWorker(frozen, quiet), await helloMemory(), send);
  add(early);
  add(late);
  return {
    results,
    ratios: [
      limit(upload, 2600),
      ratio(cold, coldStock, '<=', 0.1),
      ratio(first, firstStock, '<=', 0.1),
      limit(first, 25),
      ...runs,
      limit(late, 48),
      ratio(late, early, '<=', 1.05),
    ],
  };
}

async function runTimes(bench: EdgeBench, add: (each: Measurement) => Measurement): Promise<Ratio[]> {
  const contenders = { frozen: '', stock: '', loop: '&loop' } as const;
  const measured: Record<string, Measurement> = {};
  for (const [name, query] of Object.entries(contenders)) {
    const build = await built(bench, name === 'stock' ? 'stock' : 'frozen', RUN_WORKER);
    const worker = await startWorker(build, quiet);
    const title = name === 'loop' ? 'plain-typescript' : name;
    for (const batch of BATCHES)
      measured[`${name}-${batch}`] = add(await runTime(title, worker, batch, { query }));
    await worker.dispose();
  }
  return BATCHES.map((batch) => ratio(measured[`frozen-${batch}`]!, measured[`stock-${batch}`]!, '<=', 0.6));
}

async function built(
  { artifact, folder }: EdgeBench,
  runtime: RuntimeName,
  main?: string,
): Promise<WorkerBuild> {
  const name = main === undefined ? runtime : `run-${runtime}`;
  const models = await bundleModels([artifact], join(folder, name, 'bundle'), { runtime });
  return buildWorker(join(folder, name, 'worker'), models, main);
}

/** MB of a process that only says hello. */
export async function helloMemory(): Promise<number> {
  const others = new Set(await workerdProcesses());
  const { url, dispose } = await startHello();
  const pid = (await workerdProcesses()).find((each) => !others.has(each))!;
  await (await fetch(url)).text();
  const megabytes = (await privateMemory(pid)) * 1.048576;
  await dispose();
  return megabytes;
}

/** A figure against a bound of its own. */
function limit({ name, median: value, unit }: Measurement, target: number): Ratio {
  return { name: `${name}, ${unit}`, value, target, direction: '<=', pass: value <= target };
}
