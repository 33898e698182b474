import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { withDatabase } from '../../../training/data/duckdb/database.ts';
import { readTable } from '../../../training/data/read.ts';
import { ROOT } from '../../support/commands/cli.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const MIB = 1024; // maxRSS is in KiB
/** A minute on an idle machine of two cores. */
const LONG = { timeout: 300_000 };
const COLUMNS = 10;
/** 144 MB as float64. */
const WIDE = { columns: 300, rows: 60_000 };

/** Trains on generated rows in a process of its own, and returns its peak of resident memory in MiB. */
async function peakOf(rows: number, out: string): Promise<number> {
  const columns = Array.from(
    { length: COLUMNS },
    (_, c) => `(sin(i * ${c + 1}.37) + i % ${c + 3})::FLOAT AS c${c}`,
  );
  const sql = `SELECT ${columns.join(', ')} FROM range(${rows}) AS r(i)`;
  const script = `
    import { train } from './training/train.ts';
    import { tabular } from './training/recipes/tabular.ts';
    const division = { shares: { validation: 0.1, test: 0.1 }, seed: 1 };
    const data = await tabular.data(${JSON.stringify(sql)}, division, { hold: '20000' });
    const settings = { hidden: [16], codeSize: 2, epochs: 1, batchSize: 1024 };
    await train({ force: true, name: 'large', data, settings, out: ${JSON.stringify(out)}, threads: 1 });
    console.log(process.resourceUsage().maxRSS, data.stored.rowCount);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const [peak, stored] = stdout.trim().split(' ').map(Number) as [number, number];
  expect(stored).toBeGreaterThan(0.95 * rows);
  return peak / MIB;
}

it(
  'training on three million rows takes no more memory than blocks and DuckDB, whatever the number of rows',
  LONG,
  async () => {
    const folder = temporaryFolder();
    const [few, many] = [await peakOf(200_000, folder), await peakOf(3_000_000, folder)];
    // In memory, the values alone would take 230 MiB more: two copies as float32. Two blocks take 120 MiB.
    expect(many - few).toBeLessThan(200);
  },
);

it('many columns of text are read in less memory than their values take', LONG, async () => {
  const text = join(temporaryFolder(), 'wide.csv');
  const columns = Array.from({ length: WIDE.columns }, (_, c) => `round(sin(i * ${c + 1}.3), 5) AS c${c}`);
  await withDatabase((connection) =>
    connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(${WIDE.rows}) AS r(i)) TO '${text}'`),
  );
  const { whole, rowCount } = await readTable(text, { rows: { hold: 1000, seed: 1 } });
  whole!.close();
  expect([whole!.rowCount, rowCount]).toEqual([WIDE.rows, 1000]);
});
