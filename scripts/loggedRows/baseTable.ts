/** The table of a run as a view of DuckDB, read as its recipe reads it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../shared/errors.ts';
import { matchingFiles } from '../../training/data/duckdb/files.ts';
import { sqlList } from '../../training/data/duckdb/literals.ts';
import { statementsIn } from '../../training/data/duckdb/statements.ts';
import { csv } from '../../training/data/sources/csv.ts';
import { wholeSelection } from '../../training/data/sources/csvSelection.ts';
import { json } from '../../training/data/sources/json.ts';
import { parquet } from '../../training/data/sources/parquet.ts';
import type { TableReadOptions } from '../../training/data/sources/source.ts';
import { sql } from '../../training/data/sources/sql.ts';

/**
 * Creates the view `base` of the table of a run.
 * @throws {InputError} if it is no table, or has commas before decimals.
 */
export async function createBase(
  connection: DuckDBConnection,
  location: string,
  reading: TableReadOptions,
): Promise<void> {
  const { before, selection } = await baseSelection(connection, location, reading);
  for (const statement of before) await connection.run(statement);
  await connection.run(`CREATE VIEW base AS ${selection}`);
}

async function baseSelection(connection: DuckDBConnection, location: string, reading: TableReadOptions) {
  if (sql.recognises(location)) {
    const { before, last } = statementsIn(location);
    return { before, selection: last };
  }
  const before: readonly string[] = [];
  if (csv.recognises(location)) {
    const { decimalComma, decimal, ...own } = await wholeSelection(
      connection,
      await matchingFiles(location),
      reading,
    );
    if (!decimalComma && decimal !== ',') return { before, selection: own.sql };
    throw new InputError(
      `${location}: --from-production expects points before decimals, found commas; give --data as SQL, which converts them`,
    );
  }
  const files = () => matchingFiles(location).then(sqlList);
  if (parquet.recognises(location)) return { before, selection: `FROM read_parquet(${await files()})` };
  if (json.recognises(location))
    return { before, selection: `FROM read_json(${await files()}, sample_size = -1)` };
  throw new InputError(
    `${location}: --from-production expects a table: CSV, Parquet, JSON or SQL (SELECT ...)`,
  );
}
