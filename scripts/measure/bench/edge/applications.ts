/**
 * Latency and memory of applications at the edge: a recommender of 20,000 items, and one request per
 * heartbeat.
 */
import { join } from 'node:path';
import { random } from '../../../../shared/random.ts';
import type { Artifact } from '../../../../training/artifact/artifact.ts';
import { fromItemLists } from '../../../../training/data/interactions.ts';
import { recommend as recipe } from '../../../../training/recipes/recommend.ts';
import { train } from '../../../../training/train.ts';
import { trainRecipe } from '../../../cli/training.ts';
import type { ModelBucket } from '../../../store/bucket.ts';
import { type Publishable, publishArtifact, writeAliases } from '../../../store/publish.ts';
import { buildWorker, type WorkerBuild } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { inspectedWorker } from '../../../worker/inspectedWorker.ts';
import type { RuntimeName } from '../../../worker/runtimes.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type BenchResults, limit, type Measurement, measurement } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';
import { latencyClient, type TimedRequest } from './latencyClient.ts';

const ITEMS = 20_000;
/**
 * A wider code would exceed the memory target; narrower weight types, widened in every run, the latency
 * target.
 */
const CODE = 128;
const NAME = `recommender-${ITEMS}`;
const USERS = 300;
/** Items per user and per request. */
const HAD = 50;
/** Requests per percentile, and runs, whose median is reported. */
const REQUESTS = 500;
const RUNS = 5;
/** Requests of each kind before memory is measured. */
const WARM = 100;
/** Serves models from a bucket: with 20,000 items, the model exceeds the upload limit of a Worker. */
const RUNTIME = 'stock';
const variables = { LOG: 'problems', MAX_MODEL_BYTES: String(64 * 2 ** 20) };

/**
 * Measures the 99th percentile of sequential requests over HTTP in milliseconds, and the memory of the
 * isolate in MB. `health` runs no model: it is the baseline for any request on this machine.
 */
export async function benchApplications(bench: EdgeBench): Promise<BenchResults> {
  const shop = await shopOf(bench.folder, NAME, CODE);
  const run = { out: bench.folder, engine: 'onnxruntime', seed: 1, force: true, set: ['epochs=1'] };
  const beats = await trainRecipe('ecg', run, () => undefined);
  const source = random(2, 'requests');
  const window = Array.from({ length: 140 }, () => source.uniform());
  const recommend = await measured(bench, shop, {
    health: ['/health'],
    'recommend-20000': [`/v1/models/${NAME}/recommend`, () => ({ items: had(), k: 20 })],
    'recommend-20000-filtered': [
      `/v1/models/${NAME}/recommend`,
      () => ({ items: had(), k: 20, allow: had(), deny: had() }),
    ],
    'similar-20000': [`/v1/models/${NAME}/similar`, () => ({ item: had()[0]!, k: 20 })],
  });
  const score = await measured(bench, beats.artifact, {
    'score-heartbeat': ['/v1/models/ecg/score', () => ({ rows: [window] })],
  });
  const results = [...recommend, ...score];
  const limits: Readonly<Record<string, number>> = { [`memory/${NAME}`]: 64 };
  const ratios = results.map((each) => limit(each, limits[each.name] ?? (each.unit === 'ms' ? 5 : 128)));
  return { results, ratios };
}

type Requests = Readonly<Record<string, readonly [path: string, body?: () => object]>>;

const items = random(2, 'items');
/** The items of a user, drawn anew for each request. */
export const had = () => Array.from({ length: HAD }, () => `${items.integer(ITEMS)}`);

/** Measures requests for a version in the bucket, of a Worker with the runtime. */
export async function measured(
  { folder, print }: EdgeBench,
  artifact: Publishable,
  requests: Requests,
  runtime: RuntimeName = RUNTIME,
): Promise<Measurement[]> {
  const { name } = artifact.manifest;
  const models = await bundleModels([], join(folder, name, 'bundle'), { runtime });
  const build = await buildWorker(join(folder, name, 'worker'), models);
  const results = [
    ...(await latencies(build, artifact, requests)),
    measurement(`memory/${name}`, 'MB', [await megabytes(build, artifact, requests)]),
  ];
  for (const { name: title, median, unit } of results) print(`${title}: ${median.toPrecision(3)} ${unit}`);
  return results;
}

/** Measures the 99th percentile of each kind of request; the first run is a warm-up. */
async function latencies(
  build: WorkerBuild,
  artifact: Publishable,
  requests: Requests,
): Promise<Measurement[]> {
  const log = () => undefined;
  const worker = await startWorker(build, { log, variables, rateLimit: 1e9, isDirect: true });
  const client = latencyClient();
  const results: Measurement[] = [];
  try {
    await publish(await worker.bucket(), artifact);
    for (const [name, request] of Object.entries(requests)) {
      const taken: number[] = [];
      for (let run = 0; run <= RUNS; run++) {
        const timed = Array.from({ length: REQUESTS }, () => timedRequest(worker.url, request));
        const p99 = await client.p99(timed);
        if (run > 0) taken.push(p99);
      }
      results.push(measurement(`p99/${name}`, 'ms', taken));
    }
    return results;
  } finally {
    client.close();
    await worker.dispose();
  }
}

/** Measures the memory of the isolate in MB after requests of every kind, without garbage. */
async function megabytes(build: WorkerBuild, artifact: Publishable, requests: Requests): Promise<number> {
  const { url, bucket, memory, dispose } = await inspectedWorker(build, variables);
  const client = latencyClient();
  try {
    await publish(bucket, artifact);
    for (const request of Object.values(requests))
      await client.p99(Array.from({ length: WARM }, () => timedRequest(url, request)));
    return (await memory()) / 1e6;
  } finally {
    client.close();
    await dispose();
  }
}

async function publish(bucket: ModelBucket, artifact: Publishable): Promise<void> {
  const { name, version } = artifact.manifest;
  await publishArtifact(bucket, artifact);
  await writeAliases(bucket, name, { production: version });
}

function timedRequest(base: URL, [path, body]: Requests[string]): TimedRequest {
  const { href } = new URL(path, base);
  return body ? [href, JSON.stringify(body())] : [href];
}

/** Trains the model of the recipe `recommend` for `ITEMS` items on random data; only its size matters here. */
export async function shopOf(out: string, name: string, codeSize: number): Promise<Artifact> {
  const source = random(1, 'shop');
  const lists = Array.from({ length: USERS }, () => Array.from({ length: HAD }, () => source.integer(ITEMS)));
  const names = Array.from({ length: ITEMS }, (_, item) => `${item}`);
  const { artifact } = await train({
    name,
    data: fromItemLists(lists, names),
    variant: recipe.variant,
    settings: { ...recipe.settings, codeSize, start: 'random', epochs: 1 },
    force: true,
    out,
  });
  return artifact;
}
