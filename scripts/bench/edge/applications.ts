/** What applications take at the edge: a recommender of 20,000 items, and one call per heartbeat. */
import { join } from 'node:path';
import { random } from '../../../shared/random.ts';
import type { Artifact } from '../../../training/artifact.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { movies } from '../../../training/recipes/movies.ts';
import { train } from '../../../training/train.ts';
import { bundleModels } from '../../lib/bundle.ts';
import { inspectedWorker } from '../../lib/inspectedWorker.ts';
import { measureLatency } from '../../lib/latency.ts';
import { trainRecipe } from '../../lib/training.ts';
import { buildWorker, startWorker, type WorkerBuild } from '../../lib/worker.ts';
import type { EdgeBench, Results } from '../edge.ts';
import { type Measurement, measurement, type Ratio } from '../report.ts';

const ITEMS = 20_000;
/** Wider codes take more memory than is wanted; smaller weights are widened in every run, which takes longer than is wanted. */
const CODE = 128;
const USERS = 300;
/** Of a user, and of a request. */
const HAD = 50;
/** Requests of a percentile, and how often it is taken: of the runs the median counts. */
const REQUESTS = 500;
const RUNS = 5;
/** Requests of each kind before memory is measured. */
const WARM = 100;
/** Loads each graph when it is first asked for; frozen, an isolate would hold all of them from its start. */
const RUNTIME = 'stock';
const variables = { LOG: 'problems' };

/** Milliseconds on the 99th percentile of requests one after the other, over HTTP, and MB that the isolate holds. */
export async function benchApplications(bench: EdgeBench): Promise<Results> {
  const shop = await shopOf(bench.folder);
  const run = { out: bench.folder, engine: 'onnxruntime', seed: 1, set: ['epochs=1'] };
  const beats = await trainRecipe('ecg', run, () => undefined);
  const source = random(2, 'requests');
  const had = () => Array.from({ length: HAD }, () => `${source.integer(ITEMS)}`);
  const window = Array.from({ length: 140 }, () => source.uniform());
  const recommend = await measured(bench, shop, {
    'recommend-20000': ['shop/recommend', () => ({ items: had(), k: 20 })],
    'recommend-20000-filtered': [
      'shop/recommend',
      () => ({ items: had(), k: 20, allow: had(), deny: had() }),
    ],
    'similar-20000': ['shop/similar', () => ({ item: had()[0]!, k: 20 })],
  });
  const score = await measured(bench, beats.artifact, {
    'score-heartbeat': ['ecg/score', () => ({ rows: [window] })],
  });
  const results = [...recommend, ...score];
  const limits: Readonly<Record<string, number>> = { 'memory/shop': 64 };
  const ratios = results.map(({ name, median: value, unit }): Ratio => {
    const target = limits[name] ?? (unit === 'ms' ? 5 : 128);
    return { name: `${name}, ${unit}`, value, target, direction: '<=', pass: value <= target };
  });
  return { results, ratios };
}

type Requests = Readonly<Record<string, readonly [path: string, body: () => object]>>;

async function measured(
  { folder, print }: EdgeBench,
  artifact: Artifact,
  requests: Requests,
): Promise<Measurement[]> {
  const { name } = artifact.manifest;
  const models = await bundleModels([artifact], join(folder, name, 'bundle'), { runtime: RUNTIME });
  const build = await buildWorker(join(folder, name, 'worker'), models);
  const results = [
    ...(await latencies(build, requests)),
    measurement(`memory/${name}`, 'MB', [await megabytes(build, requests)]),
  ];
  for (const { name: title, median, unit } of results) print(`${title}: ${median.toPrecision(3)} ${unit}`);
  return results;
}

/** Of each, the first run is a warm-up. */
async function latencies(build: WorkerBuild, requests: Requests): Promise<Measurement[]> {
  const { url, dispose } = await startWorker(build, { log: () => undefined, variables, rateLimit: 1e9 });
  const results: Measurement[] = [];
  try {
    for (const [name, [path, body]] of Object.entries(requests)) {
      const taken: number[] = [];
      for (let run = 0; run <= RUNS; run++)
        taken.push((await measureLatency(() => send(url, path, body()), REQUESTS)).p99);
      results.push(measurement(`p99/${name}`, 'ms', taken.slice(1)));
    }
    return results;
  } finally {
    await dispose();
  }
}

/** Without garbage, once every request has been answered. */
async function megabytes(build: WorkerBuild, requests: Requests): Promise<number> {
  const { url, memory, dispose } = await inspectedWorker(build, variables);
  try {
    for (const [path, body] of Object.values(requests))
      for (let i = 0; i < WARM; i++) await send(url, path, body());
    return (await memory()) / 1e6;
  } finally {
    await dispose();
  }
}

async function send(base: URL, path: string, body: object): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(new URL(`/v1/models/${path}`, base), init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
}

/** The model of the recipe `movies` for so many items; what it learnt does not matter here. */
async function shopOf(out: string): Promise<Artifact> {
  const source = random(1, 'shop');
  const lists = Array.from({ length: USERS }, () => Array.from({ length: HAD }, () => source.integer(ITEMS)));
  const names = Array.from({ length: ITEMS }, (_, item) => `${item}`);
  const { artifact } = await train({
    name: 'shop',
    data: fromItemLists(lists, names),
    variant: movies.variant,
    settings: { ...movies.settings, codeSize: CODE, start: 'random', epochs: 1 },
    out,
  });
  return artifact;
}
