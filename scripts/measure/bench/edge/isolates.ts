/** Versions from a bucket: in frozen isolates of their own, next to one isolate with `slim` or `stock` for all of them. */
import { join } from 'node:path';
import { type Artifact, versionOf } from '../../../../training/artifact/artifact.ts';
import { trainRecipe } from '../../../cli/training.ts';
import type { ModelBucket } from '../../../store/bucket.ts';
import type { StoredModule } from '../../../store/frozenModule.ts';
import { publishArtifact, writeAliases } from '../../../store/publish.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { freezeModule } from '../../../worker/frozenModule.ts';
import { inspectedWorker } from '../../../worker/inspectedWorker.ts';
import type { RuntimeName } from '../../../worker/runtimes.ts';
import { buildWorker, startWorker, type WorkerBuild } from '../../../worker/worker.ts';
import { type BenchResults, limit, type Measurement, measurement, ratio } from '../benchReport.ts';
import { millisecondsToAnswer } from './coldRequest.ts';
import type { EdgeBench } from './edgeBench.ts';
import { firstAnswer } from './firstAnswer.ts';
import { sendFor } from './httpClient.ts';

const ROUNDS = 5;
/** Models of 20 MB each, asked in turn. */
const MODELS = 10;
const SECONDS = 60;
/** Width of the hidden layer of a digits model whose graphs have 20 MB together. */
const WIDE = 1550;
/** Requests before, and during, the change of a version. */
const FLIP_SECONDS = 5;
const variables = { LOG: 'problems', MAX_MODEL_BYTES: String(32 * 2 ** 20) };
const quiet = { log: () => undefined, isDirect: true, rateLimit: 1e9, variables };

/** A version, and what its isolate is loaded from. */
interface Frozen {
  readonly artifact: Artifact;
  readonly module: StoredModule;
}

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
  return {
    results,
    ratios: [
      ratio(first.dynamic, first.stock, '<=', 0.25),
      ratio(own, frozen, '>=', 0.7),
      ...[many.errors, many.memory].map((each, i) => limit(each, [0, 48][i]!)),
      limit(flip.wrong, 0),
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

/** Publishes a new version under load, and measures wrong answers and latencies before and meanwhile. */
async function flipped(
  build: WorkerBuild,
  { first, second: { artifact, module } }: { readonly first: Frozen; readonly second: Frozen },
  rows: Float32Array<ArrayBuffer>,
  add: (each: Measurement) => Measurement,
) {
  const second = renamed({ artifact, module }, 'stored');
  const worker = await startWorker(build, {
    ...quiet,
    variables: { ...variables, ALIASES_TTL_SECONDS: '0.2' },
  });
  try {
    const bucket = await worker.bucket();
    await publish(bucket, first);
    const versions = [first, second].map((each) => each.artifact.manifest.version);
    const right = new Map<string, string>();
    let wrong = 0;
    const ask = async (times: number[]): Promise<string> => {
      const start = performance.now();
      const response = await fetch(new URL('/v1/models/stored/encode', worker.url), {
        ...{ method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: rows },
      });
      const answer = Buffer.from(await response.arrayBuffer()).toString('hex');
      times.push(performance.now() - start);
      const version = response.headers.get('X-Model-Version') ?? '';
      const known = right.get(version) ?? answer;
      right.set(version, known);
      if (!response.ok || answer !== known || !versions.includes(version)) wrong++;
      return version;
    };
    const load = async (seconds: number, times: number[]): Promise<void> => {
      for (const end = performance.now() + seconds * 1000; performance.now() < end; ) await ask(times);
    };
    await load(1, []);
    const [before, during]: [number[], number[]] = [[], []];
    await load(FLIP_SECONDS, before);
    await Promise.all([publish(bucket, second), load(FLIP_SECONDS, during)]);
    if ((await ask([])) !== versions[1]) wrong++;
    return {
      wrong: add(measurement('version published under load', 'wrong answers or errors', [wrong])),
      before: add(measurement('p99/before a new version', 'ms', [p99(before)])),
      during: add(measurement('p99/while a new version takes over', 'ms', [p99(during)])),
    };
  } finally {
    await worker.dispose();
  }
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
}

async function trainWide({ folder, print }: EdgeBench): Promise<Frozen> {
  const run = { out: folder, engine: 'onnxruntime', seed: 1, set: ['epochs=1', `hidden=[${WIDE}]`] };
  const { artifact } = await trainRecipe('digits', run, () => undefined);
  return { artifact, module: await freezeModule(artifact, { print }) };
}

/** The same graphs under another name. */
function renamed({ artifact, module }: Frozen, name: string): Frozen {
  const { version: _, ...content } = artifact.manifest;
  const own = { ...content, name };
  const version = versionOf(own);
  return {
    artifact: { ...artifact, manifest: { ...own, version } },
    module: { ...module, manifest: { ...module.manifest, name, version } },
  };
}

async function publish(bucket: ModelBucket, { artifact, module }: Frozen): Promise<void> {
  const { name, version } = artifact.manifest;
  await publishArtifact(bucket, { ...artifact, frozen: module });
  await writeAliases(bucket, name, { production: version });
}

const pathOf = ({ artifact }: Frozen) => `/v1/models/${artifact.manifest.name}/encode`;
