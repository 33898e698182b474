/** What applications take at the edge: a recommender of 20,000 items, and one call per heartbeat. */
import { join } from 'node:path';
import { random } from '../../../shared/random.ts';
import type { Artifact } from '../../../training/artifact.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { movies } from '../../../training/recipes/movies.ts';
import { train } from '../../../training/train.ts';
import { privateMemory, workerdProcesses } from '../../lib/budget/process.ts';
import { bundleModels } from '../../lib/bundle.ts';
import { measureLatency } from '../../lib/latency.ts';
import { trainRecipe } from '../../lib/training.ts';
import { buildWorker, type RunningWorker, startWorker } from '../../lib/worker.ts';
import type { EdgeBench, Results } from '../edge.ts';
import { type Measurement, measurement, type Ratio } from '../report.ts';
import { helloMemory } from './runtimes.ts';

const ITEMS = 20_000;
const USERS = 300;
/** Of a user, and of a request. */
const HAD = 50;
/** Requests of a percentile, and how often it is taken: of the runs the median counts. */
const REQUESTS = 500;
const RUNS = 5;

/** Milliseconds on the 99th percentile of requests one after the other, over HTTP, and MB of memory. */
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
  const models = await bundleModels([artifact], join(folder, name, 'bundle'));
  const build = await buildWorker(join(folder, name, 'worker'), models);
  const hello = await helloMemory();
  const others = new Set(await workerdProcesses());
  const worker = await startWorker(build, {
    log: () => undefined,
    variables: { LOG: 'problems' },
    rateLimit: 1e9,
  });
  try {
    const pid = (await workerdProcesses()).find((each) => !others.has(each))!;
    const results: Measurement[] = [];
    for (const [request, [path, body]] of Object.entries(requests)) {
      results.push(measurement(`p99/${request}`, 'ms', await percentiles(worker, path, body)));
    }
    results.push(measurement(`memory/${name}`, 'MB', [(await privateMemory(pid)) * 1.048576 - hello]));
    for (const { name: title, median, unit } of results) print(`${title}: ${median.toPrecision(3)} ${unit}`);
    return results;
  } finally {
    await worker.dispose();
  }
}

/** The first run is a warm-up. */
async function percentiles({ url }: RunningWorker, path: string, body: () => object): Promise<number[]> {
  const send = async () => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body()),
    };
    const response = await fetch(new URL(`/v1/models/${path}`, url), init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  };
  const taken: number[] = [];
  for (let run = 0; run <= RUNS; run++) taken.push((await measureLatency(send, REQUESTS)).p99);
  return taken.slice(1);
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
    settings: { ...movies.settings, epochs: 1, weightType: 'float16', weightTolerance: 1 },
    out,
  });
  return artifact;
}
