/** Tables larger than memory: the speed of epochs from disk against that from memory, and 100,000,000 rows. */
import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchResults, limit, measurement, ratio } from './benchReport.ts';
import { type CommandRun, runCommand, withPeak } from './commandRun.ts';
import { writeFactorRows } from './factorRows.ts';

const TRAIN = fileURLToPath(new URL('../../train.ts', import.meta.url));
const MIB = 2 ** 20;
const COLUMNS = 30;

const STREAMED = { rows: 1_000_000, hold: 100_000, epochs: 4, runs: 3 };
/** Least speed of an epoch from disk, as a share of that from memory. */
const SPEED = 0.7;
/** Rows that the default shares leave out for validation and testing, of those held. */
const HELD_OUT = 0.2;
/** The share of all rows that is as many validation rows as are held in the other case. */
const AS_MANY = 0.01;

const LARGE = { files: 50, rowsPerFile: 2_000_000, peak: 2048 };

/** Rows per second of epochs, in turns, of the same table held in memory and streamed from disk, and both peaks. */
export async function streamedAgainstHeld(): Promise<BenchResults> {
  const { rows, hold, epochs, runs } = STREAMED;
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const file = join(folder, 'rows.parquet');
  await writeFactorRows(file, rows, COLUMNS);
  const contenders = [
    { name: 'streamed', flags: ['--hold', `${hold}`], set: [], trained: rows - HELD_OUT * hold },
    {
      name: 'in-memory',
      ...{ flags: ['--hold', `${rows}`], set: [`validationShare=${AS_MANY}`] },
      trained: rows * (1 - AS_MANY - HELD_OUT / 2),
    },
  ].map((each) => ({ ...each, speeds: [] as number[], peaks: [] as number[] }));
  for (let run = 0; run < runs; run++)
    for (const { flags, set, trained, speeds, peaks } of contenders) {
      const settings = ['--set', `epochs=${epochs}`, ...set];
      const command = await trainTabular(file, folder, [...flags, ...settings]);
      speeds.push(...epochSeconds(command).map((seconds) => trained / seconds));
      peaks.push(command.peakBytes / MIB);
    }
  rmSync(folder, { recursive: true });
  const speeds = contenders.map((each) => measurement(`table-streamed/${each.name}`, 'rows/s', each.speeds));
  const peaks = contenders.map((each) => measurement(`table-streamed/${each.name}-peak`, 'MiB', each.peaks));
  return { results: [...speeds, ...peaks], ratios: [ratio(speeds[0]!, speeds[1]!, '>=', SPEED)] };
}

/** Seconds and peak memory of the whole command on files that hold the same rows fifty times, for an epoch. */
export async function hundredMillionRows(): Promise<BenchResults> {
  const { files, rowsPerFile, peak } = LARGE;
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const parts = join(folder, 'parts');
  mkdirSync(parts);
  const first = join(folder, 'rows.parquet');
  await writeFactorRows(first, rowsPerFile, COLUMNS);
  for (let part = 0; part < files; part++) linkSync(first, join(parts, `${part}.parquet`));
  const { seconds, peakBytes, lines } = await trainTabular(join(parts, '*.parquet'), folder, [
    '--set',
    'epochs=1',
  ]);
  rmSync(folder, { recursive: true });
  const at = (start: string) => lines.find(({ text }) => text.startsWith(start))!.seconds;
  const phases = [
    ['reading', at('engine: ')],
    ['epoch', at('epoch 1/1') - at('engine: ')],
    ['packaging', seconds - at('epoch 1/1')],
    ['whole', seconds],
  ] as const;
  const peaked = measurement('table-100m/peak', 'MiB', [peakBytes / MIB]);
  return {
    results: [...phases.map(([name, taken]) => measurement(`table-100m/${name}`, 's', [taken])), peaked],
    ratios: [limit(peaked, peak)],
  };
}

function trainTabular(data: string, out: string, flags: readonly string[]): Promise<CommandRun> {
  return runCommand(process.execPath, withPeak([TRAIN, 'tabular', '--data', data, '--out', out, ...flags]));
}

/** The times between the ends of epochs, which leaves out the first: it starts the engine, too. */
function epochSeconds({ lines }: CommandRun): number[] {
  const ends = lines.filter(({ text }) => text.startsWith('epoch ')).map(({ seconds }) => seconds);
  return ends.slice(1).map((end, i) => end - ends[i]!);
}
