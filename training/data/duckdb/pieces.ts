/** All rows of a large table, in pieces of the types that a sample of them has. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import type { Column, Table } from '../table.ts';
import type { DeclaredType } from '../text.ts';
import { addColumn, buildersOf, type ReadingOptions } from './builders.ts';
import { explaining } from './database.ts';

export interface Pieces {
  readonly connection: DuckDBConnection;
  /** The source of the rows, in SQL. */
  readonly from: string;
  readonly source: string;
  readonly rowCount: number;
}

/** A multiple of the 2,048 rows of DuckDB's chunks. */
const PIECE = 8192;

/**
 * Yields the rows in order.
 * @throws {InputError} naming the column, if a value does not have the type that `sample` has, and if the source has
 * changed since it was counted.
 */
export async function* piecesOf(
  { connection, from, source, rowCount }: Pieces,
  sample: Table,
  options: ReadingOptions,
): AsyncGenerator<Table> {
  const result = await connection.stream(`FROM ${from}`);
  const names = new Set(result.columnNames());
  const types = Object.fromEntries(
    sample.columns.flatMap(({ name, type }): [string, DeclaredType][] =>
      names.has(name) && (type === 'number' || type === 'category') ? [[name, type]] : [],
    ),
  );
  let first = 0;
  const piece = async () => {
    const place = `${source}, rows from ${first + 1}`;
    const builders = await buildersOf(result, place, { ...options, types });
    const chunks: DuckDBDataChunk[] = [];
    let count = 0;
    while (count < PIECE) {
      const chunk = await explaining(source, () => result.fetchChunk());
      const own = chunk?.rowCount ?? 0; // asked of DuckDB each time
      if (chunk === null || own === 0) break;
      chunks.push(chunk);
      count += own;
    }
    if (count === 0) return undefined;
    first += count;
    // Column by column: the texts of all columns would outlive V8's young generation, and wait for a full collection.
    const columns = builders.flatMap((builder, c) => {
      for (const chunk of chunks) addColumn(builder, chunk, c);
      return builder.finish();
    });
    return {
      source: place,
      rowCount: count,
      columns: columns.map((column, i) => asIn(sample.columns[i]!, column, place)),
    };
  };
  for (let next = await piece(); next !== undefined; next = await piece()) yield next;
  // After an error in a later chunk, a streamed result ends as if it were complete.
  if (first === rowCount) return;
  throw new InputError(`${source}: expected ${rowCount} rows, as before, but could read only ${first}`);
}

/** Text that is not declared, such as dates, is read by what a piece holds: it may all be missing, or look different. */
function asIn(expected: Column, column: Column, place: string): Column {
  const { name } = column;
  if (column.type === expected.type) return column;
  if (column.type === 'category' && column.codes.every((code) => code < 0) && expected.type !== 'category') {
    const missing = Array.from(column.codes, () => Number.NaN);
    return expected.type === 'boolean'
      ? { name, type: 'boolean', values: Float32Array.from(missing) }
      : { name, type: expected.type, values: Float64Array.from(missing) };
  }
  throw new InputError(
    `${place}: column ${name}: expected values of type ${expected.type}, as in the rows before, found ${column.type}; read it as text with --text ${name}, or leave it out with --ignore ${name}`,
  );
}
