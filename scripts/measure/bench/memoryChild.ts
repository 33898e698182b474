/** One process whose memory is measured: does the work that its argument describes and sends the bytes to its parent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Matrix } from '../../../shared/tensor.ts';
import { fillNoise } from '../../../training/engines/noise.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { train } from '../../../training/train.ts';
import { withAdam } from './cases/case.ts';

export type MemoryWork =
  | { readonly kind: 'growth'; readonly steps: readonly number[] }
  | {
      readonly kind: 'peak';
      readonly rows: number;
      readonly widths: readonly number[];
      readonly batchSize: number;
    };

/** Between two looks at memory that is given back in the background. */
const SETTLE_MS = 100;
const LOOKS = 20;

/** Resident bytes after each number of steps of a small model. */
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

/** Resident memory without garbage and V8's spare room, which it grows under load and keeps. */
async function settled(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look++) {
    globalThis.gc!();
    await sleep(SETTLE_MS);
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    least = Math.min(least, rss - (heapTotal - heapUsed));
  }
  return least;
}

/** The highest resident bytes of a run from rows to artifact. */
async function peak(rowCount: number, widths: readonly number[], batchSize: number): Promise<number[]> {
  const inherited = process.resourceUsage().maxRSS;
  const [features, hidden, codeSize] = widths as [number, number, number];
  const rows = randomRows(rowCount, features);
  const out = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const data = { source: 'random rows', rowShape: [features], featureNames: null, rows };
  const settings = { hidden: [hidden], codeSize, batchSize, epochs: 1 };
  await train({ name: 'memory', data, settings, out });
  rmSync(out, { recursive: true });
  const { maxRSS } = process.resourceUsage();
  // Linux starts a process with the peak of the one that started it.
  if (maxRSS === inherited) throw new Error('the peak is that of the parent: measure from a smaller process');
  return [maxRSS * 1024];
}

/** Noise whose columns differ in size, so that the PCA baseline finds its components as soon as in real data. */
function randomRows(rowCount: number, width: number): Matrix {
  const data = new Float32Array(rowCount * width);
  fillNoise(data, 'uniform', { seed: 1, stream: 'rows', step: 0 });
  for (let i = 0; i < data.length; i++) data[i]! /= 1 + (i % width);
  return { data, rowCount, width };
}

const work = JSON.parse(process.argv[2]!) as MemoryWork;
process.send!(
  await (work.kind === 'growth' ? growth(work.steps) : peak(work.rows, work.widths, work.batchSize)),
);
