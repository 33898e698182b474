/** Memory of `npm run score` on a table of a million rows, as CSV and as Parquet. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchResults, limit, type Measurement, measurement } from './benchReport.ts';
import { runCommand, withPeak } from './commandRun.ts';
import { writeFactorRows } from './factorRows.ts';

const scriptOf = (name: string) => fileURLToPath(new URL(`../../${name}.ts`, import.meta.url));

const ROWS = 1_000_000;
const TRAINING_ROWS = 20_000;
const COLUMNS = 30;
const FORMATS = ['csv', 'parquet'] as const;
const MIB = 2 ** 20;
/** Most MiB that a file of any size may take. */
const MOST = 500;

/** Trains on a small table, and scores a large one from and to each format. */
export async function scoreLargeTable(): Promise<BenchResults> {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  try {
    const training = join(folder, 'training.csv');
    await writeFactorRows(training, TRAINING_ROWS, COLUMNS);
    const settings = ['hidden=[64]', 'codeSize=8', 'epochs=1'];
    const train = ['tabular', '--data', training, '--out', folder, '--name', 'table', '--set', ...settings];
    await ran('train', train);
    const [rates, peaks]: [Measurement[], Measurement[]] = [[], []];
    for (const format of FORMATS) {
      const [data, out] = [join(folder, `rows.${format}`), join(folder, `scores.${format}`)];
      await writeFactorRows(data, ROWS, COLUMNS);
      const { seconds, peakBytes } = await ran('score', [
        join(folder, 'table'),
        '--data',
        data,
        '--out',
        out,
      ]);
      rates.push(measurement(`score-1m/${format}`, 'rows/s', [ROWS / seconds]));
      peaks.push(measurement(`score-1m/${format}-peak`, 'MiB', [peakBytes / MIB]));
    }
    return { results: [...rates, ...peaks], ratios: peaks.map((each) => limit(each, MOST)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ran = (script: string, flags: readonly string[]) =>
  runCommand(process.execPath, withPeak([scriptOf(script), ...flags]));
