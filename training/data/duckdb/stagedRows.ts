/** Rows of files of text, parsed once: every later statement reads the table that they are kept in. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { RowLimits } from '../sources/source.ts';
import { sqlName } from './literals.ts';
import { whileRunning } from './runningQuery.ts';

export interface StagedRows {
  /** The rows, in SQL. */
  readonly sql: string;
  /** True if these are the same rows in the same order each time, and are read quickly. */
  readonly isKept: boolean;
  /** MiB that DuckDB needs to read them again; undefined for its default. */
  readonly memory?: number;
  /** Columns that may have missing values. */
  readonly gaps: ReadonlySet<string>;
}

const TABLE = 'latentedge_text';
/** DuckDB holds a part of every column while it writes a table: rows that are wider are read from their files again. */
const MOST_COLUMNS = 1000;
/** MiB of DuckDB's memory limit, which the part of every column that it holds fits into. */
const MEMORY = { base: 128, perColumn: 0.5 };

/**
 * Runs `sql`, whose columns have the given names, and keeps its rows in a table, the first ones under a limit; DuckDB
 * moves a large table to disk.
 */
export async function stagedRows(
  connection: DuckDBConnection,
  sql: string,
  names: readonly string[],
  rows: RowLimits | undefined,
): Promise<StagedRows> {
  if (names.length > MOST_COLUMNS) return { sql, isKept: false, gaps: new Set(names) };
  const { limit, sample, hold, onRead } = rows ?? {};
  const memory = Math.ceil(MEMORY.base + MEMORY.perColumn * names.length);
  if (sample !== undefined || hold !== undefined) await connection.run(`SET memory_limit = '${memory}MiB'`);
  const kept = limit === undefined ? sql : `FROM (${sql}) LIMIT ${limit}`;
  await whileRunning(
    connection,
    (share) => onRead?.('reading rows', share),
    () => connection.run(`CREATE TEMP TABLE ${TABLE} AS ${kept}`),
  );
  const counted = await connection.runAndReadAll(
    `SELECT ${names.map((name) => `count(*) > count(${sqlName(name)})`).join(', ')} FROM ${TABLE}`,
  );
  const hasGaps = counted.getRows()[0]!;
  return {
    sql: `FROM ${TABLE}`,
    isKept: true,
    memory,
    gaps: new Set(names.filter((_, c) => hasGaps[c] === true)),
  };
}
