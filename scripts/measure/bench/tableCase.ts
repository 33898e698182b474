/** The whole command on a table of a million rows, against the same job with pandas and PyTorch. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchResults, measurement, ratio } from './benchReport.ts';
import { type CommandRun, runCommand, withPeak } from './commandRun.ts';
import { THREADS } from './contender.ts';
import { writeFactorRows } from './factorRows.ts';

const TRAIN = fileURLToPath(new URL('../../train.ts', import.meta.url));
const PYTHON = fileURLToPath(new URL('./cases/table.py', import.meta.url));

const ROWS = 1_000_000;
const COLUMNS = 30;
const EPOCHS = 5;
const BATCH = 256;
const RUNS = 3;
/** Most of the time that pandas and PyTorch take. */
const TARGET = 1.5;
const MIB = 2 ** 20;

/** Each contender in turns: its seconds, from the start of its process to the end, and its peak memory. */
export async function tableAgainstPandas(): Promise<BenchResults> {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const file = join(folder, 'rows.csv');
  await writeFactorRows(file, ROWS, COLUMNS);
  const settings = ['hidden=[64]', 'codeSize=8', `epochs=${EPOCHS}`, `batchSize=${BATCH}`];
  const own = [TRAIN, 'tabular', '--data', file, '--out', folder, '--set', ...settings];
  const contenders: Contender[] = [
    { name: 'latentedge', command: process.execPath, flags: withPeak(own), taken: [] },
  ];
  if (spawnSync('python3', ['-c', 'import torch, pandas']).status === 0)
    for (const threads of THREADS)
      contenders.push({
        name: `pandas-pytorch-${threads}-threads`,
        command: 'python3',
        flags: [PYTHON, file, folder, `${threads}`, `${EPOCHS}`, `${BATCH}`],
        taken: [],
      });
  for (let run = 0; run < RUNS; run++)
    for (const contender of contenders)
      contender.taken.push(await runCommand(contender.command, contender.flags));
  rmSync(folder, { recursive: true });

  const seconds = contenders.map(({ name, taken }) =>
    measurement(
      `table-1m-csv/${name}`,
      's',
      taken.map((each) => each.seconds),
    ),
  );
  const peaks = contenders.map(({ name, taken }) =>
    measurement(
      `table-1m-csv/${name}-peak`,
      'MiB',
      taken.map((each) => each.peakBytes / MIB),
    ),
  );
  const [ours, ...others] = seconds;
  const best = others.toSorted((a, b) => a.median - b.median)[0];
  return {
    results: [...seconds, ...peaks],
    ratios: best === undefined ? [] : [ratio(ours!, best, '<=', TARGET)],
  };
}

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly flags: readonly string[];
  readonly taken: CommandRun[];
}
