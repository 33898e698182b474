/** Ctrl-C while a large table is read, encoded, trained on and packaged. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { writeFactorRows } from '../../scripts/measure/bench/factorRows.ts';
import { type Running, start } from '../support/commands/cli.ts';
import { keptFolder, temporaryFolder } from '../support/data/data.ts';

const MINUTES = 60_000;
/** A second, and what other processes take of a busy machine. */
const LONGEST_MS = 2000;

const kept = keptFolder();
/** Text for the phase that reads it; later ones are reached sooner with columns that need no reading. */
const [text, columns] = [join(kept, 'rows.csv'), join(kept, 'rows.parquet')];
beforeAll(async () => {
  for (const file of [text, columns]) await writeFactorRows(file, 1_000_000, 30);
}, 5 * MINUTES);

/** A run of its own folders, for its artifacts and for its temporary files. */
function running(epochs: number, file = columns) {
  const folder = temporaryFolder();
  const [out, temporary] = [join(folder, 'artifacts'), join(folder, 'tmp')];
  mkdirSync(temporary);
  const flags = ['tabular', '--data', file, '--out', out, '--force'];
  const settings = ['hidden=[64]', 'codeSize=8', `epochs=${epochs}`];
  const run = start('train', [...flags, '--set', ...settings], folder, { ...process.env, TMPDIR: temporary });
  return { run, folder };
}

/** Presses Ctrl-C and expects the end of the process within a second, with nothing but a checkpoint left. */
async function expectEnd({ process: child, finished }: Running, folder: string): Promise<void> {
  const started = performance.now();
  child.kill('SIGINT');
  const { code, stderr } = await finished;
  expect(performance.now() - started).toBeLessThan(LONGEST_MS);
  expect([code, stderr]).toEqual([130, expect.stringMatching(/^interrupted: ended by Ctrl-C[^\n]*\n$/)]);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  // onnxruntime keeps files of its own for its telemetry.
  const own = left.filter((path) => path.startsWith('artifacts') || path.startsWith('tmp/latentedge'));
  expect(own.filter((path) => !/^artifacts(\/tabular(\/\.checkpoint.*)?)?$/.test(path))).toEqual([]);
}

it.each([
  ['reading rows', text],
  ['fitting columns', columns],
  ['encoding rows', columns],
  ['packaging: describing the data', columns],
  ['packaging: writing the report', columns],
])(
  'ends at once: %s',
  async (phase, file) => {
    const { run, folder } = running(1, file);
    await run.saw(phase);
    await expectEnd(run, folder);
  },
  5 * MINUTES,
);

it(
  'ends training after the batch and, pressed again, at once',
  async () => {
    const { run, folder } = running(1000);
    await run.saw('epoch    1/1000');
    const started = performance.now();
    run.process.kill('SIGINT');
    await run.saw('packaging: ');
    // Packaging says so once it has taken a second.
    expect(performance.now() - started).toBeLessThan(LONGEST_MS + 1000);
    await expectEnd(run, folder);
  },
  5 * MINUTES,
);
