/** Builders that collect the results of SQL, chunk by chunk, in typed arrays. */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import { didYouMean } from '../../../shared/didYouMean.ts';
import { InputError } from '../../../shared/errors.ts';
import { MISSING } from '../../../shared/missingMarks.ts';
import { idsAmong, type TableReadOptions } from '../sources/source.ts';
import type { Column, Table } from '../table.ts';
import type { TextOptions } from '../text.ts';
import { listColumns } from './lists.ts';
import { readerOf } from './types.ts';

export interface ReadingOptions extends TableReadOptions, Pick<TextOptions, 'untyped' | 'decimalComma'> {}

/**
 * Runs statements and returns all rows of the last one, copied in chunks of 2,048 rows.
 * @throws {InputError} naming column and row, if the rows cannot form a table.
 */
export async function allRows(
  connection: DuckDBConnection,
  sql: string,
  source: string,
  options: ReadingOptions,
): Promise<Table> {
  // Not stream(): after an error in a later chunk, its result would end as if it were complete.
  const result = await connection.run(sql);
  const builders = await buildersOf(result, source, options);
  let rowCount = 0;
  for await (const chunk of result) {
    rowCount += chunk.rowCount;
    for (const [c, builder] of builders.entries()) addColumn(builder, chunk, c);
  }
  return { source, rowCount, columns: builders.flatMap((builder) => builder.finish()) };
}

/** Collects the values of a column of the result, which may be several columns of the table. */
export interface ResultBuilder {
  add(value: unknown): void;
  finish(): Column | readonly Column[];
}

/** Adds the values of column `c` of a chunk. */
export function addColumn(builder: ResultBuilder, chunk: DuckDBDataChunk, c: number): void {
  const { rowCount } = chunk; // asked of DuckDB each time
  // A vector keeps the values that were asked of it as long as its chunk lives, but those of a slice are its own.
  const vector = chunk.getColumnVector(c).slice(0, rowCount);
  for (let r = 0; r < rowCount; r++) builder.add(vector.getItem(r));
}

/** Types whose lists are read. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['FLOAT', 'DOUBLE', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'],
  ...['UTINYINT', 'USMALLINT', 'UINTEGER'],
]);

/** The type of the values in a column of lists, of equal or any length; undefined for other columns. */
function elementOf(type: DuckDBType): DuckDBType | undefined {
  return 'valueType' in type && !('keyType' in type) ? type.valueType : undefined;
}

export async function buildersOf(
  result: DuckDBResult,
  source: string,
  { missing = MISSING, types = {}, categories = [], ids, untyped, decimal, decimalComma }: ReadingOptions,
): Promise<ResultBuilder[]> {
  const { DuckDBTypeId } = await import('@duckdb/node-api');
  const names = result.columnNames();
  refuseDuplicates(source, names);
  refuseUnknown(source, names, Object.keys(types));
  const idNames = idsAmong(names, ids);
  return names.map((name, c) => {
    const type = result.columnType(c);
    const element = elementOf(type);
    if (element !== undefined && NUMBERS.has(DuckDBTypeId[element.typeId]))
      return listColumns({ source, name }, { single: DuckDBTypeId[element.typeId] === 'FLOAT' });
    const known = Object.hasOwn(types, name) ? types[name] : undefined; // a column may be called `constructor`
    const declared = idNames.has(name) ? 'category' : known;
    const isText = declared === 'category' || (declared === undefined && categories.includes(name));
    const reader = readerOf(isText ? 'VARCHAR' : DuckDBTypeId[type.typeId], type.alias);
    if (reader === undefined) {
      throw new InputError(
        `${source}: column ${name}: expected numbers, lists of numbers, booleans, dates or text, received ${type}; split it with SQL, for instance unnest()`,
      );
    }
    // Ids are text as written: a user may be called NA.
    const marks = idNames.has(name) ? [''] : missing;
    const text = { missing: marks, declared, isText, untyped, decimal, decimalComma };
    return reader({ source, name }, text) as ResultBuilder;
  });
}

/** @throws {InputError} for names that differ only in case, which SQL does not distinguish. */
export function refuseDuplicates(source: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const before = seen.get(name.toLowerCase());
    if (before !== undefined) {
      const both = before === name ? `two named ${name}` : `${before} and ${name}`;
      throw new InputError(
        `${source}: expected columns with different names (upper and lower case count as the same), found ${both}; rename one`,
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}

function refuseUnknown(source: string, names: readonly string[], declared: readonly string[]): void {
  const unknown = declared.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new InputError(
    `${source}: expected a column ${unknown}, found ${names.join(', ')}${didYouMean(unknown, names)}`,
  );
}
