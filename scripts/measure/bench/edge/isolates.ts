/** Versions from a bucket: in frozen isolates of their own, next to one isolate with `slim` or `stock` for all of them. */
import { join } from 'node:path';
import type { Artifact } from '../../../../training/artifact/artifact.ts';
import { trainRecipe } from '../../../cli/training.ts';
import { buildWorker, type WorkerBuild } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { freezeModule } from '../../../worker/frozenModule.ts';
import { inspectedWorker } from '../../../worker/inspectedWorker.ts';
import type { RuntimeName } from '../../../worker/runtimes.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type BenchResults, limit, type Measurement, measurement, ratio } from '../benchReport.ts';
import { had, measured, shopOf } from './applications.ts';
import { millisecondsToAnswer } from './coldRequest.ts';
import type { EdgeBench } from './edgeBench.ts';
import { firstAnswer } from './firstAnswer.ts';
import { type Frozen, pathOf, publish, quiet, renamed, variables } from './frozenVersion.ts';
import { sendFor } from './httpClient.ts';
import { flipped } from './newVersion.ts';

const ROUNDS = 5;
/** Models of 20 MB each, asked in turn. */
const MODELS = 10;
const SECONDS = 60;
/** Width of the hidden layer of a digits model whose graphs have 20 MB together. */
const WIDE = 1550;
/** That of the recipe `recommend`. Its graphs do not fit in one isolate. */
const CODE = 400;

export async function benchIsolates(bench: EdgeBench): Promise<BenchResults> {
  const { artifact, rows, folder, print } = bench;
  const body = rows.slice(0, artifact.manifest.features.count);
  const results: Measurement[] = [];
  const add = (each: Measurement): Measurement => {
    results.push(each);
    print(`${each.name}: ${each.median.toPrecision(3)} ${each.unit}`);
    return each;
  };
  const module = await freezeModule(artifact, { print });
  const stored = renamed({ artifact, module }, 'stored');
  const built = async (runtime: RuntimeName, bundled: readonly Artifact[]): Promise<WorkerBuild> => {
    const place = join(folder, 'isolates', runtime);
    return buildWorker(
      join(place, 'worker'),
      await bundleModels(bundled, join(place, 'bundle'), { runtime }),
    );
  };
  const builds = {
    dynamic: await built('dynamic', []),
    slim: await built('slim', [artifact]),
    stock: await built('stock', []),
  };
  const first = await firstAnswers(builds, stored, body, add);
  const bundled = await built('frozen', [artifact]);
  const [own, frozen] = await rates(builds.dynamic, bundled, stored, body, add);
  const wide = await trainWide(bench);
  const many = await inTurn(builds.dynamic, wide, body, add);
  const flip = await flipped(builds.dynamic, { first: stored, second: wide }, body, add);
  const [latency, memory, ...parts] = await recommender(bench);
  results.push(latency, memory, ...parts);
  return {
    results,
    ratios: [
      ratio(first.dynamic, first.stock, '<=', 0.25),
      ratio(own, frozen, '>=', 0.7),
      ...[many.errors, many.memory].map((each, i) => limit(each, [0, 48][i]!)),
      limit(flip.wrong, 0),
      limit(latency, 5),
      limit(memory, 32),
      ratio(flip.during, flip.before, '<=', 2),
    ],
  };
}

/** Measures the first answer of a version that no isolate holds: from the bucket, in a Worker that is up. */
async function firstAnswers<Name extends string>(
  builds: Readonly<Record<Name, WorkerBuild>>,
  stored: Frozen,
  rows: Float32Array<ArrayBuffer>,
  add: (each: Measurement) => Measurement,
): Promise<Record<Name, Measurement>> {
  const request = { path: pathOf(stored), rows };
  const entries: [string, Measurement][] = [];
  for (const [name, build] of Object.entries<WorkerBuild>(builds)) {
    const start = async () => {
      const worker = await startWorker(build, quiet);
      await publish(await worker.bucket(), stored);
      return worker;
    };
    entries.push([name, add(await firstAnswer(`from the bucket, ${name}`, start, request))]);
  }
  return Object.fromEntries(entries) as Record<Name, Measurement>;
}

/** Measures `encode` of one row in requests per second; the two take turns. */
async function rates(
  dynamic: WorkerBuild,
  bundled: WorkerBuild,
  stored: Frozen,
  rows: Float32Array<ArrayBuffer>,
  add: (each: Measurement) => Measurement,
): Promise<[dynamic: Measurement, frozen: Measurement]> {
  const workers = [await startWorker(dynamic, quiet), await startWorker(bundled, quiet)] as const;
  const paths = [pathOf(stored), '/v1/models/digits/encode'];
  const request = { body: Buffer.from(rows.buffer), contentType: 'application/octet-stream' };
  const measured: [number[], number[]] = [[], []];
  try {
    await publish(await workers[0].bucket(), stored);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [i, { url }] of workers.entries()) {
        const count = await sendFor(1, { url: new URL(paths[i]!, url), ...request });
        if (round > 0) measured[i]!.push(count);
      }
    }
  } finally {
    await Promise.all(workers.map(({ dispose }) => dispose()));
  }
  return [
    add(measurement('encode/dynamic, from the bucket', 'requests/s', measured[0])),
    add(measurement('encode/frozen, bundled', 'requests/s', measured[1])),
  ];
}

/** Asks models of 20 MB in turn, and measures the errors, and the memory of the main isolate. */
async function inTurn(
  build: WorkerBuild,
  wide: Frozen,
  rows: Float32Array<ArrayBuffer>,
  add: (each: Measurement) => Measurement,
) {
  const worker = await inspectedWorker(build, variables);
  try {
    const models = Array.from({ length: MODELS }, (_, i) => renamed(wide, `wide-${i}`));
    for (const each of models) await publish(worker.bucket, each);
    let errors = 0;
    const memory: number[] = [];
    const end = performance.now() + SECONDS * 1000;
    for (let i = 0; performance.now() < end; i++) {
      await millisecondsToAnswer(worker.url, { path: pathOf(models[i % MODELS]!), rows }).catch(
        () => errors++,
      );
      if (i % 200 === MODELS) memory.push((await worker.memory()) / 1e6);
    }
    return {
      errors: add(measurement(`${MODELS} models of 20 MB in turn`, 'errors', [errors])),
      memory: add(measurement(`${MODELS} models of 20 MB, main isolate`, 'MB', memory)),
    };
  } finally {
    await worker.dispose();
  }
}

/**
 * Measures recommendations among 20,000 items, and the memory of the main isolate, which holds none of the weights. Adds
 * what the isolates hold of them, and the images that they are made from.
 */
async function recommender(
  bench: EdgeBench,
): Promise<[latency: Measurement, memory: Measurement, ...parts: Measurement[]]> {
  const name = `recommender-of-code-${CODE}`;
  const artifact = await shopOf(bench.folder, name, CODE);
  const frozen = await freezeModule(artifact, { print: bench.print });
  const path = `/v1/models/${name}/recommend`;
  const requests = { 'recommend-20000-from-its-isolate': [path, () => ({ items: had(), k: 20 })] } as const;
  const [latency, memory] = await measured(bench, { ...artifact, frozen }, requests, 'dynamic');
  const parts = frozen.reports.flatMap(({ graphs, image }) => {
    const names = graphs.map((label) => label.slice(label.lastIndexOf('/') + 1)).join(' and ');
    return [
      measurement(`memory/isolate of ${names}`, 'MB', [(image.pages * 2 ** 16) / 1e6]),
      measurement(`image/isolate of ${names}`, 'MB', [image.bytes / 1e6]),
    ];
  });
  return [latency!, memory!, ...parts];
}

async function trainWide({ folder, print }: EdgeBench): Promise<Frozen> {
  const run = {
    out: folder,
    engine: 'onnxruntime',
    seed: 1,
    force: true,
    set: ['epochs=1', `hidden=[${WIDE}]`],
  };
  const { artifact } = await trainRecipe('digits', run, () => undefined);
  return { artifact, module: await freezeModule(artifact, { print }) };
}
