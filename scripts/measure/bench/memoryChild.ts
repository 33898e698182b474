/**
 * A process whose memory or time is measured: does the work that its argument describes and sends the figures to its
 * parent.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { fillNoise } from '../../../training/engines/noise.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { train } from '../../../training/train.ts';
import { withAdam } from './cases/case.ts';
import { writeFactorRows } from './factorRows.ts';

export type MemoryWork =
  | { readonly kind: 'growth'; readonly steps: readonly number[] }
  | {
      readonly kind: 'peak';
      readonly rows: number;
      readonly widths: readonly number[];
      readonly batchSize: number;
    }
  | { readonly kind: 'catalogue'; readonly items: number; readonly codeSize: number }
  | { readonly kind: 'table'; readonly rows: number; readonly columns: number };

/** Pause between two readings of memory, which is released in the background. */
const SETTLE_MS = 100;
const READINGS = 20;

/** Measures the resident bytes after each number of steps of a small model. */
async function growth(steps: readonly number[]): Promise<number[]> {
  const rows = randomRows(64, 64);
  const config = undercomplete.config.parse({ hidden: [64], codeSize: 16 });
  const session = await onnxruntime(withAdam(undercomplete.build(config, rows.width, 1), rows.width), {
    threads: 1,
  });
  const held: number[] = [];
  let step = 0;
  for (const until of steps) {
    while (step < until) await session.train(rows, { step: step++, stepsPerEpoch: until, epochs: 1 });
    held.push(await settled());
  }
  await session.dispose();
  return held;
}

/**
 * Measures resident bytes without garbage and without V8's unused heap, which grows under load and is kept.
 */
async function settled(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < READINGS; reading++) {
    globalThis.gc!();
    await sleep(SETTLE_MS);
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    least = Math.min(least, rss - (heapTotal - heapUsed));
  }
  return least;
}

/** Measures the peak resident bytes of a run from rows to artifact. */
async function peak(rowCount: number, widths: readonly number[], batchSize: number): Promise<number[]> {
  const inherited = process.resourceUsage().maxRSS;
  const [features, hidden, codeSize] = widths as [number, number, number];
  const rows = randomRows(rowCount, features);
  const out = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const data = { source: 'random rows', rowShape: [features], featureNames: null, rows };
  const settings = { hidden: [hidden], codeSize, batchSize, epochs: 1 };
  await train({ name: 'memory', data, settings, out, force: true });
  rmSync(out, { recursive: true });
  const { maxRSS } = process.resourceUsage();
  // On Linux, a process inherits the peak of its parent.
  if (maxRSS === inherited) throw new Error('the peak is that of the parent: measure from a smaller process');
  return [maxRSS * 1024];
}

/** Users of the catalogue, of 50 items on average. */
const USERS = 2000;
const SETTINGS = { batchSize: 256, learningRate: 0.003, schedule: 'cosine', epochs: 20 } as const;

/** Measures the seconds from sparse rows to the weights of ELSA, without the evaluation. */
async function catalogue(items: number, codeSize: number): Promise<number[]> {
  const source = random(1, 'interactions');
  const lists = Array.from({ length: USERS }, () =>
    Array.from({ length: 20 + source.integer(60) }, () => Math.floor(items ** source.uniform()) % items),
  );
  const names = Array.from({ length: items }, (_, item) => String(item));
  const data = fromItemLists(lists, names);
  const out = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const started = performance.now();
  let seconds = 0;
  const onPackage = () => {
    seconds = (performance.now() - started) / 1000;
  };
  await train({
    ...{ name: 'catalogue', variant: 'elsa', data, out, onPackage, force: true },
    settings: { ...SETTINGS, codeSize },
  });
  rmSync(out, { recursive: true });
  return [seconds];
}

/** Measures the seconds from a Parquet file to the artifact of a detector, those of packaging, and the peak bytes. */
async function table(rowCount: number, columns: number): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const file = join(folder, 'rows.parquet');
  await writeFactorRows(file, rowCount, columns);
  const started = performance.now();
  let packaging = started;
  const onPackage = () => {
    packaging = performance.now();
  };
  const shares = { validation: 0.1, test: 0.3 };
  const data = (await anomaly.data(file, { shares, seed: 1 })) as Dataset;
  const { variant, settings } = anomaly;
  const own = { ...settings, ...anomaly.settingsFor!(data) };
  await train({ name: 'table', variant, data, settings: own, out: folder, onPackage });
  const ended = performance.now();
  rmSync(folder, { recursive: true });
  return [(ended - started) / 1000, (ended - packaging) / 1000, process.resourceUsage().maxRSS * 1024];
}

/** Noise with columns of different scales, so that the PCA baseline converges as fast as on real data. */
function randomRows(rowCount: number, width: number): Matrix {
  const data = new Float32Array(rowCount * width);
  fillNoise(data, 'uniform', { seed: 1, stream: 'rows', step: 0 });
  for (let i = 0; i < data.length; i++) data[i]! /= 1 + (i % width);
  return { data, rowCount, width };
}

const work = JSON.parse(process.argv[2]!) as MemoryWork;
process.send!(await measured(work));

function measured(work: MemoryWork): Promise<number[]> {
  switch (work.kind) {
    case 'growth':
      return growth(work.steps);
    case 'peak':
      return peak(work.rows, work.widths, work.batchSize);
    case 'catalogue':
      return catalogue(work.items, work.codeSize);
    case 'table':
      return table(work.rows, work.columns);
  }
}
