/** Dialects of CSV files: delimiter, quotes, header and column types. */
import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { sqlList, sqlStruct, sqlText } from './literals.ts';
import { refuseDuplicates } from './query.ts';

export interface Dialect {
  /** Arguments of `read_csv` for delimiter, quote, escape and comment. */
  readonly division: string;
  /** Further arguments, for date formats. */
  readonly formats: string;
  readonly header: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

interface SniffResult {
  readonly Delimiter: string;
  readonly Quote: string;
  readonly Escape: string;
  readonly Comment: string;
  readonly SkipRows: number;
  readonly HasHeader: boolean;
  readonly Columns: readonly { readonly name: string; readonly type: string }[];
  readonly DateFormat: string | null;
  readonly TimestampFormat: string | null;
}

export interface SniffSample {
  /** Number of rows to sample; -1 for all. */
  readonly rows: number;
  /** Quote character to assume if the sampled rows have none. */
  readonly quote: string;
}

/**
 * Returns the dialect that DuckDB detects. Refuses a file if DuckDB would silently drop part of it.
 * @throws {InputError} naming file and line.
 */
export async function dialectOf(
  connection: DuckDBConnection,
  file: string,
  missing: readonly string[],
  sample: SniffSample,
): Promise<Dialect> {
  const result = await connection.runAndReadAll(
    `FROM sniff_csv(${sqlText(file)}, sample_size = ${sample.rows}, nullstr = ${sqlList(missing)})`,
  );
  const sniffed = result.getRowObjectsJson()[0] as unknown as SniffResult;
  const { Columns: columns, HasHeader: header, DateFormat, TimestampFormat } = sniffed;
  refuseSkipped(file, Number(sniffed.SkipRows));
  if (columns.length === 1) await refuseRagged(connection, file, columns[0]!.name);
  const division = [
    `delim = ${sqlText(sniffed.Delimiter)}`,
    `quote = ${sqlText(orElse(sniffed.Quote, sample.quote))}`,
    `escape = ${sqlText(orElse(sniffed.Escape, sample.quote))}`,
    `comment = ${sqlText(orElse(sniffed.Comment, ''))}`,
  ].join(', ');
  if (header) refuseDuplicates(file, await headerOf(connection, file, division, columns.length));
  const formats = [
    DateFormat === null ? [] : [`dateformat = ${sqlText(DateFormat)}`],
    TimestampFormat === null ? [] : [`timestampformat = ${sqlText(TimestampFormat)}`],
  ].flat();
  return { division, formats: formats.join(', '), header, columns };
}

function orElse(sniffed: string, otherwise: string): string {
  return sniffed === '(empty)' ? otherwise : sniffed;
}

/** DuckDB skips leading lines that differ from the rest, for instance a header with one name too few. */
function refuseSkipped(file: string, count: number): void {
  if (count === 0) return;
  const lines = count === 1 ? 'line 1' : `lines 1 to ${count}`;
  throw new InputError(
    `${file}: expected as many values in every line, found ${lines} to differ from line ${count + 1}; correct them, or skip lines that are not data: SELECT * FROM read_csv('${basename(file)}', skip = ${count})`,
  );
}

/**
 * If rows differ in length, DuckDB takes each line as one value; reading with a real delimiter makes it name
 * the line.
 */
async function refuseRagged(connection: DuckDBConnection, file: string, firstLine: string): Promise<void> {
  const delimiter = [',', ';', '\t', '|'].find((each) => firstLine.includes(each));
  if (delimiter === undefined) return;
  const division = `delim = ${sqlText(delimiter)}, quote = '"', escape = '"'`;
  const columns = firstLine.split(delimiter).map((_, i) => [`${i}`, 'VARCHAR'] as const);
  await connection.run(
    `SELECT count(COLUMNS(*)) FROM read_csv(${sqlText(file)}, auto_detect = false, header = false, ${division}, columns = ${sqlStruct(columns)})`,
  );
}

/** Returns the names as written in the file, since DuckDB renames duplicates. */
async function headerOf(
  connection: DuckDBConnection,
  file: string,
  division: string,
  width: number,
): Promise<string[]> {
  const columns = Array.from({ length: width }, (_, i) => [`${i}`, 'VARCHAR'] as const);
  const row = await connection.runAndReadAll(
    `FROM read_csv(${sqlText(file)}, auto_detect = false, header = false, ${division}, columns = ${sqlStruct(columns)}) LIMIT 1`,
  );
  // Names that are missing are dropped: DuckDB generates them.
  return row
    .getRows()[0]!
    .filter((name) => name !== null && name !== '')
    .map(String);
}
