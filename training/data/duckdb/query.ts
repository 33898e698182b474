/** Results of SQL as tables. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Table } from '../table.ts';
import { allRows, type ReadingOptions } from './builders.ts';
import { limitedTable } from './limitedTable.ts';

export interface QueryOptions extends ReadingOptions {
  /** True if the query gives the same rows in the same order each time, and does so quickly. */
  readonly isRepeatable?: boolean;
  /** MiB that DuckDB may hold of a large table; what does not fit goes to disk. Default: enough for joins and sorts. */
  readonly memory?: number;
}

/**
 * Runs the statements in `sql` and returns the rows of the last one, within the limits. `source` names the query in
 * messages and the table.
 * @throws {InputError} naming column and row, if the rows cannot form a table.
 */
export async function queryTable(
  connection: DuckDBConnection,
  sql: string,
  source: string,
  options: QueryOptions,
): Promise<Table> {
  return options.rows === undefined
    ? allRows(connection, sql, source, options)
    : limitedTable(connection, sql, source, { ...options, rows: options.rows });
}
