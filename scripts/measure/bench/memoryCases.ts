/** Memory of training, and the time of whole trainings, measured in separate processes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type BenchResults, limit, measurement, ratio } from './benchReport.ts';
import { hundredMillionRows, streamedAgainstHeld } from './largeTables.ts';
import type { MemoryWork } from './memoryChild.ts';
import { scoreLargeTable } from './scoreCase.ts';
import { tableAgainstPandas } from './tableCase.ts';

const CHILD = fileURLToPath(new URL('./memoryChild.ts', import.meta.url));
const RUNS = 3;
const MIB = 2 ** 20;
const GROWTH = { from: 1000, to: 10_000, target: 1.05 };
const PEAK = { rows: 60_000, widths: [784, 128, 32, 128, 784], batchSize: 256, target: 1.3 };
/** Most seconds that training may take. */
const CATALOGUE = { items: 20_000, codeSize: 256, seconds: 60 };
/** Most seconds that packaging may take. */
const TABLE = { rows: 1_000_000, columns: 30, packaging: 15 };
/** Enough rows to be split, trained on, packaged and verified, in negligible memory. */
const FEW_ROWS = 64;

/** Compares resident memory after 1,000 and after 10,000 steps. */
async function growth(): Promise<BenchResults> {
  const runs: number[][] = [];
  for (let run = 0; run < RUNS; run++)
    runs.push(await inChild({ kind: 'growth', steps: [GROWTH.from, GROWTH.to] }));
  const [before, after] = [GROWTH.from, GROWTH.to].map((steps, i) => {
    const bytes = runs.map((each) => each[i]! / MIB);
    return measurement(`memory-growth/after-${steps}-steps`, 'MiB', bytes);
  });
  return { results: [before!, after!], ratios: [ratio(after!, before!, '<=', GROWTH.target)] };
}

/**
 * Measures the peak resident memory of a whole run (training, baselines, parity, artifact), less that of the
 * same run on a few rows: Node, both runtimes and compiled code. Compares it with the memory needed for the
 * data, three copies of the weights, and the activations of a batch.
 */
async function peak(): Promise<BenchResults> {
  const { rows, widths, batchSize, target } = PEAK;
  const peakOf = async (count: number) =>
    (await inChild({ kind: 'peak', rows: count, widths, batchSize }))[0]! / MIB;
  const used: number[] = [];
  for (let run = 0; run < RUNS; run++) used.push((await peakOf(rows)) - (await peakOf(FEW_ROWS)));
  const weights = widths.slice(1).reduce((sum, width, i) => sum + (widths[i]! + 1) * width, 0);
  const activations = batchSize * widths.reduce((sum, width) => sum + width, 0);
  const values = rows * widths[0]! + 3 * weights + activations;
  const needed = measurement('memory-peak/needed', 'MiB', [(values * Float32Array.BYTES_PER_ELEMENT) / MIB]);
  const measured = measurement('memory-peak/used', 'MiB', used);
  return { results: [measured, needed], ratios: [ratio(measured, needed, '<=', target)] };
}

/** Measures the time to train ELSA for a large catalogue. */
async function catalogue(): Promise<BenchResults> {
  const { items, codeSize, seconds } = CATALOGUE;
  const [taken] = await inChild({ kind: 'catalogue', items, codeSize });
  const measured = measurement(`elsa-${items}/seconds`, 's', [taken!]);
  return { results: [measured], ratios: [limit(measured, seconds)] };
}

/** Measures the whole training of a detector on a large table, from the file to the artifact. */
async function table(): Promise<BenchResults> {
  const { rows, columns, packaging } = TABLE;
  const runs: number[][] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await inChild({ kind: 'table', rows, columns }));
  const of = (i: number, scale = 1) => runs.map((each) => each[i]! / scale);
  const packaged = measurement('table-1m/packaging', 's', of(1));
  return {
    results: [
      measurement('table-1m/whole', 's', of(0)),
      packaged,
      measurement('table-1m/peak', 'MiB', of(2, MIB)),
    ],
    ratios: [limit(packaged, packaging)],
  };
}

interface MemoryCase {
  readonly summary: string;
  readonly measure: () => Promise<BenchResults>;
  /** True for a case that is measured only if it is named. */
  readonly byNameOnly?: boolean;
}

export const MEMORY_CASES = {
  'memory-growth': { summary: 'resident memory after 1,000 and after 10,000 steps', measure: growth },
  'memory-peak': { summary: 'peak resident memory of a whole run, against the memory needed', measure: peak },
  'elsa-20000': {
    summary: 'time to train ELSA over 20,000 items, with a code of 256, on 2,000 users for 20 epochs',
    measure: catalogue,
  },
  'table-1m': {
    summary:
      'seconds and peak memory of `train anomaly` on 1,000,000 rows of 30 columns, from Parquet to artifact',
    measure: table,
  },
  'table-1m-csv': {
    summary:
      'seconds and peak memory of `train tabular` (64-8, 5 epochs) on a CSV file of 1,000,000 rows of 30 columns, against pandas and PyTorch',
    measure: tableAgainstPandas,
  },
  'score-1m': {
    summary:
      'rows a second and peak memory of `score` on 1,000,000 rows of 30 columns, as CSV and as Parquet',
    measure: scoreLargeTable,
  },
  'table-streamed': {
    summary:
      'rows per second of epochs on 1,000,000 rows of 30 columns, streamed from disk and in memory, and peak memory',
    measure: streamedAgainstHeld,
  },
  'table-100m': {
    summary:
      'seconds and peak memory of `train tabular` on 100,000,000 rows of 30 columns; half an hour, 12 GB in TMPDIR; only by name',
    measure: hundredMillionRows,
    byNameOnly: true,
  },
} as const satisfies Record<string, MemoryCase>;

export type MemoryCaseName = keyof typeof MEMORY_CASES;

/** Runs the work in a separate process and returns the figures that it measured. */
async function inChild(work: MemoryWork): Promise<number[]> {
  const child = fork(CHILD, [JSON.stringify(work)], { execArgv: [...process.execArgv, '--expose-gc'] });
  let measured: number[] | undefined;
  child.once('message', (message) => {
    measured = message as number[];
  });
  const exited = once(child, 'exit');
  // The channel closes after its last message, which may be read after the process has ended.
  await once(child, 'disconnect');
  const [code] = await exited;
  if (code !== 0 || measured === undefined)
    throw new Error(`${CHILD} ${JSON.stringify(work)} ended with ${code}`);
  return measured;
}
