/** Large tables for benchmarks: numbers that follow a few hidden factors. */
import { withDatabase } from '../../../training/data/duckdb/database.ts';
import { sqlText } from '../../../training/data/duckdb/literals.ts';

const FACTORS = ['p', 'q', 'r', 's'];

/** Writes rows of four factors and noise, so that there is something to learn: a `.parquet` or `.csv` file. */
export async function writeFactorRows(file: string, rowCount: number, columns: number): Promise<void> {
  const isText = file.endsWith('.csv');
  const values = Array.from({ length: columns }, (_, c) => {
    const loadings = FACTORS.map((factor, k) => `${Math.sin(5 * c + 3 * k).toFixed(3)} * ${factor}`);
    const value = `${loadings.join(' + ')} + hash(i + ${c * rowCount}) / 2e19`;
    return isText ? `round(${value}, 6) AS c${c}` : `(${value})::FLOAT AS c${c}`;
  });
  const factors = FACTORS.map((factor, k) => `hash(i * 4 + ${k}) / 2e19 AS ${factor}`);
  await withDatabase((connection) =>
    connection.run(
      `COPY (SELECT ${values} FROM (SELECT i, ${factors} FROM range(${rowCount}) AS r(i))) TO ${sqlText(file)} (FORMAT ${isText ? 'CSV' : 'PARQUET'})`,
    ),
  );
}
