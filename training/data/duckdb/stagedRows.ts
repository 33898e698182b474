/** Rows of files of text, parsed once: every later statement reads what they are kept in. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { RowLimits } from '../sources/source.ts';
import { temporaryFile } from './database.ts';
import { sqlName, sqlText } from './literals.ts';
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

/** Where rows are kept. */
interface Keeping {
  /** The statement that writes them there. */
  readonly write: (rows: string) => string;
  /** The rows, in SQL. */
  readonly from: string;
}

const TABLE = 'latentedge_text';
/** DuckDB holds a part of every column while it writes: rows that are wider are read from their files again. */
const MOST_COLUMNS = 1000;
/** MiB of DuckDB's memory limit: its buffers of text, and the part of every column that it holds. */
const MEMORY = { base: 128, perColumn: 0.5 };
/** Values and rows of a row group at most, which is in memory until it is written; whole vectors of DuckDB. */
const ROW_GROUP = { values: 2 ** 19, rows: 16_384, vector: 2048 };

/**
 * Runs `sql`, whose columns have the given names, and keeps its rows, the first ones under a limit; on disk if there may
 * be more than memory holds.
 */
export async function stagedRows(
  connection: DuckDBConnection,
  sql: string,
  names: readonly string[],
  rows: RowLimits | undefined,
): Promise<StagedRows> {
  if (names.length > MOST_COLUMNS) return { sql, isKept: false, gaps: new Set(names) };
  const { limit, sample, hold, onRead } = rows ?? {};
  const isLarge = sample !== undefined || hold !== undefined;
  const memory = isLarge ? Math.ceil(MEMORY.base + MEMORY.perColumn * names.length) : undefined;
  // Each thread has buffers of its own, and one parses text as fast as DuckDB writes it.
  if (isLarge) await connection.run(`SET memory_limit = '${memory}MiB'; SET threads = 1`);
  const { write, from } = isLarge ? onDisk(connection, names.length) : IN_MEMORY;
  await whileRunning(
    connection,
    (share) => onRead?.('reading rows', share),
    () => connection.run(write(limit === undefined ? sql : `FROM (${sql}) LIMIT ${limit}`)),
  );
  const counted = await connection.runAndReadAll(
    `SELECT ${names.map((name) => `count(*) > count(${sqlName(name)})`).join(', ')} ${from}`,
  );
  const hasGaps = counted.getRows()[0]!;
  return {
    ...{ sql: from, isKept: true },
    ...(memory && { memory }),
    gaps: new Set(names.filter((_, c) => hasGaps[c] === true)),
  };
}

const IN_MEMORY: Keeping = {
  write: (rows) => `CREATE TEMP TABLE ${TABLE} AS ${rows}`,
  from: `FROM ${TABLE}`,
};

/** A table that DuckDB moves to disk takes all memory that it may have, and cannot be written if it has many columns. */
function onDisk(connection: DuckDBConnection, columns: number): Keeping {
  const file = sqlText(temporaryFile(connection, '.parquet'));
  const { values, rows: most, vector } = ROW_GROUP;
  const size = Math.max(vector, Math.min(most, vector * Math.floor(values / columns / vector)));
  return {
    write: (rows) => `COPY (${rows}) TO ${file} (FORMAT parquet, ROW_GROUP_SIZE ${size})`,
    from: `FROM read_parquet(${file})`,
  };
}
