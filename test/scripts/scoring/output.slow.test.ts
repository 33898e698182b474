/** Files of results that are larger than what DuckDB may hold of them. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { output } from '../../../scripts/scoring/output.ts';
import { withDatabase } from '../../../training/data/duckdb/database.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const BATCH = 10_000;
const BATCHES = 500;
const TIMEOUT_MS = 300_000;

it(
  'five million lines become Parquet, in order',
  async () => {
    const path = join(temporaryFolder(), 'scores.parquet');
    const file = output(path);
    for (let batch = 0; batch < BATCHES; batch++) {
      const first = batch * BATCH;
      const code = (row: number) => [Math.fround(Math.sin(row)), Math.fround(Math.cos(row))];
      const lines = Array.from({ length: BATCH }, (_, i) => ({ row: first + i, code: code(first + i) }));
      await file.write(lines);
    }
    await file.finish();
    const sorted = `SELECT count(*), min(row = file_row_number) FROM read_parquet('${path}', file_row_number = true)`;
    const [counted] = await withDatabase(async (connection) =>
      (await connection.runAndReadAll(sorted)).getRows(),
    );
    expect(counted).toEqual([BigInt(BATCHES * BATCH), true]);
  },
  TIMEOUT_MS,
);
