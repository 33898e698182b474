/** Tables of limited size: the first rows, a random sample, or a sample with access to all rows. */
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import { drawRows } from '../drawRows.ts';
import type { RowLimits } from '../sources/source.ts';
import type { Table } from '../table.ts';
import { allRows, buildersOf, type ReadingOptions } from './builders.ts';
import { keepOpen } from './database.ts';
import { type Pieces, piecesOf } from './pieces.ts';
import { whileRunning } from './runningQuery.ts';
import { statementsIn } from './statements.ts';

export interface LimitedOptions extends ReadingOptions {
  readonly rows: RowLimits;
  readonly isRepeatable?: boolean;
  readonly memory?: number;
}

/** Statements whose rows another statement can select from. */
const SELECTS = /^[\s(]*(select|with|from|values)\b/i;
/** MiB of DuckDB's memory limit, next to the rows in JavaScript; it moves what does not fit to disk. */
const MEMORY = 512;
/** Rows that DuckDB prepares while those before are used: few, or they wait in memory for both. */
const STREAMED = '128KiB';
/** Most categories of a column that are looked for among all rows: with more, it is no feature. */
const MOST_CATEGORIES = 1000;

/**
 * Runs the statements in `sql` and returns rows of the last one, within the limits.
 * @throws {InputError} naming column and row, if the rows cannot form a table.
 */
export async function limitedTable(
  connection: DuckDBConnection,
  sql: string,
  source: string,
  options: LimitedOptions,
): Promise<Table> {
  const { limit, sample, hold, onRead } = options.rows;
  const { before, last } = statementsIn(sql);
  if (!SELECTS.test(last)) {
    if (limit === undefined && sample === undefined) return allRows(connection, sql, source, options);
    throw new InputError(`${source}: expected a SELECT to limit the rows of; read all of them`);
  }
  for (const statement of before) await connection.run(statement);
  const selected = limit === undefined ? `(${last}\n)` : `(SELECT * FROM (${last}\n) LIMIT ${limit})`;
  const most = sample ?? hold;
  const isMore =
    most !== undefined && (await countOf(connection, `(FROM ${selected} LIMIT ${most + 1})`)) > most;
  if (!isMore) return allRows(connection, `FROM ${selected}`, source, options);

  // Files are read once or twice, and the system keeps them; what the stream holds back is memory next to the limit.
  await connection.run(
    `SET memory_limit = '${options.memory ?? MEMORY}MiB'; SET enable_external_file_cache = false; SET streaming_buffer_size = '${STREAMED}'`,
  );
  let from = selected;
  if (options.isRepeatable !== true) {
    // Another run of the query may give other rows, or the same in another order.
    from = 'latentedge_rows';
    await whileRunning(
      connection,
      (share) => onRead?.('copying rows to disk', share),
      () => connection.run(`CREATE TEMP TABLE ${from} AS FROM ${selected}`),
    );
  }
  const pieces: Pieces = { connection, from, source, rowCount: await countOf(connection, from) };
  const drawn = drawRows(pieces.rowCount, most, random(options.rows.seed, 'held rows'));
  const { covering, ...held } = await heldRows(pieces, drawn, options);
  if (sample !== undefined) return held.table;
  const close = keepOpen(connection);
  return {
    ...held.table,
    whole: {
      rowCount: pieces.rowCount,
      held: held.numbers,
      covering,
      pieces: () => piecesOf(pieces, held.table, options),
      close,
    },
  };
}

async function countOf(connection: DuckDBConnection, from: string): Promise<number> {
  const result = await connection.runAndReadAll(`SELECT count(*) FROM ${from}`);
  return Number(result.getRows()[0]![0]);
}

/**
 * Reads the rows of the given numbers, which ascend, and for each category that none of the rows before has, the first
 * row that has it.
 */
async function heldRows(
  { connection, from, source, rowCount }: Pieces,
  drawn: Uint32Array,
  options: LimitedOptions,
) {
  const { sample, onRead } = options.rows;
  const result = await connection.stream(`FROM ${from}`);
  const builders = await buildersOf(result, source, options);
  const categories = sample === undefined ? await categoryColumns(result) : [];
  const seen = new Map(categories.map((c) => [c, new Set<unknown>()]));
  const [numbers, covering]: [number[], number[]] = [[], []];
  let [first, next] = [0, 0];
  for await (const chunk of result) {
    const vectors = builders.map((_, c) => chunk.getColumnVector(c));
    const { rowCount: count } = chunk; // asked of DuckDB each time
    const kept: number[] = [];
    for (let r = 0; r < count; r++) {
      let isNew = false;
      for (const [c, known] of seen) {
        const value = vectors[c]!.getItem(r);
        if (value === null || known.has(value)) continue;
        known.add(value);
        isNew = true;
        if (known.size === MOST_CATEGORIES) seen.delete(c);
      }
      const isDrawn = drawn[next] === first + r;
      if (isDrawn) next++;
      else if (isNew) covering.push(numbers.length);
      else continue;
      numbers.push(first + r);
      kept.push(r);
    }
    for (const [c, builder] of builders.entries()) {
      const vector = vectors[c]!;
      for (const r of kept) builder.add(vector.getItem(r));
    }
    first += count;
    onRead?.('drawing rows', first / rowCount);
  }
  // A stream that fails in DuckDB ends as if it were complete.
  if (first !== rowCount)
    throw new InputError(
      `${source}: expected ${rowCount} rows, read ${first}; read it again, or a part of it`,
    );
  const table = {
    source,
    rowCount: numbers.length,
    columns: builders.flatMap((builder) => builder.finish()),
  };
  return { table, numbers: Uint32Array.from(numbers), covering: Uint32Array.from(covering) };
}

async function categoryColumns(result: DuckDBResult): Promise<number[]> {
  const { DuckDBTypeId } = await import('@duckdb/node-api');
  const isText = ({ typeId }: ReturnType<DuckDBResult['columnType']>) =>
    typeId === DuckDBTypeId.VARCHAR || typeId === DuckDBTypeId.ENUM;
  return result.columnTypes().flatMap((type, c) => (isText(type) ? [c] : []));
}
