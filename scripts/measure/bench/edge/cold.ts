/** Fresh isolates: how long the first who asks waits, beyond what an empty Worker takes in the same run. */
import { join } from 'node:path';
import { type BudgetFigures, measureBudget } from '../../../worker/budget/measureBudget.ts';
import { buildWorker, type WorkerBuild } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import type { RuntimeName } from '../../../worker/runtimes.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type BenchResults, excess, limit, type Measurement, measurement, ratio } from '../benchReport.ts';
import { coldStart, firstRequestCpu, uploadedModules } from './coldStart.ts';
import type { EdgeBench } from './edgeBench.ts';
import { EMPTY_WORKER, startEmpty } from './emptyWorker.ts';
import { firstAnswer } from './firstAnswer.ts';

/** Milliseconds beyond an empty Worker; the last two are CPU time, of which the free plan has 10 ms a request. */
const TARGETS = { isolate: 20, worker: 3, firstRequest: 5, startup: 100 } as const;

/** Measures, in workerd without Miniflare's proxy, a new isolate and the first answer of a Worker that is up. */
export async function benchCold(bench: EdgeBench): Promise<BenchResults> {
  const { artifact, rows, folder, print } = bench;
  const request = { path: '/v1/models/digits/encode', rows: rows.slice(0, artifact.manifest.features.count) };
  const built = async (runtime: RuntimeName): Promise<WorkerBuild> => {
    const models = await bundleModels([artifact], join(folder, 'cold', runtime, 'bundle'), { runtime });
    return buildWorker(join(folder, 'cold', runtime, 'worker'), models);
  };
  const [frozen, stock] = [await built('frozen'), await built('stock')];
  const results: Measurement[] = [];
  const add = (each: Measurement): Measurement => {
    results.push(each);
    print(`${each.name}: ${each.median.toPrecision(3)} ${each.unit}`);
    return each;
  };
  const starting = (build: WorkerBuild) => () => startWorker(build, { log: () => undefined, isDirect: true });
  const cold = {
    empty: add(await coldStart('empty', EMPTY_WORKER, request)),
    frozen: add(await coldStart('frozen', await uploadedModules(frozen), request)),
    stock: add(await coldStart('stock', await uploadedModules(stock), request)),
  };
  const first = {
    empty: add(await firstAnswer('empty', startEmpty, request)),
    frozen: add(await firstAnswer('frozen', starting(frozen), request)),
    stock: add(await firstAnswer('stock', starting(stock), request)),
  };
  const cpu = await cpuTimes(frozen, bench, add);
  const started = {
    empty: add(await firstRequestCpu('empty-just-started', EMPTY_WORKER, request)),
    frozen: add(await firstRequestCpu('frozen-just-started', await uploadedModules(frozen), request)),
  };
  return {
    results,
    ratios: [
      excess(cold.frozen, cold.empty, TARGETS.isolate),
      excess(first.frozen, first.empty, TARGETS.worker),
      limit(cpu.firstRequest, TARGETS.firstRequest),
      excess(started.frozen, started.empty, TARGETS.firstRequest),
      limit(cpu.startup, TARGETS.startup),
      ratio(cold.frozen, cold.stock, '<=', 0.1),
      ratio(first.frozen, first.stock, '<=', 0.1),
    ],
  };
}

/** CPU time beyond that of a minimal Worker, as `deploy --check` measures it: other Workers have started meanwhile. */
async function cpuTimes(
  build: WorkerBuild,
  { artifact }: EdgeBench,
  add: (each: Measurement) => Measurement,
): Promise<Record<'firstRequest' | 'startup', Measurement>> {
  const figures: BudgetFigures[] = [];
  for (let i = 0; i < 5; i++) figures.push(await measureBudget(build, [artifact.manifest]));
  const of = (name: keyof BudgetFigures) => figures.map((each) => each[name]);
  return {
    firstRequest: add(measurement('first-request-cpu/frozen', 'ms', of('firstRequest'))),
    startup: add(measurement('start-up-cpu/frozen', 'ms', of('startup'))),
  };
}
