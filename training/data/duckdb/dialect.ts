/** Dialects of CSV files: delimiter, quotes, header and column types. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { refuseDuplicates } from './builders.ts';
import { sqlList, sqlStruct, sqlText } from './literals.ts';

export interface Dialect {
  readonly delimiter: string;
  /** Arguments of `read_csv` for delimiter, quote, escape, comment and a first line to skip. */
  readonly division: string;
  /** Further arguments, for date formats. */
  readonly formats: string;
  /** Formats of dates and times other than ISO 8601, by the type of the column. */
  readonly dates: Readonly<Record<string, string>>;
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
  const { skip, delimiter: known } = readFirstLine(await firstLineOf(connection, file));
  const given = known === undefined ? '' : `, delim = ${sqlText(known)}, skip = ${skip}`;
  const result = await connection.runAndReadAll(
    `FROM sniff_csv(${sqlText(file)}, sample_size = ${sample.rows}, nullstr = ${sqlList(missing)}${given})`,
  );
  const sniffed = result.getRowObjectsJson()[0] as unknown as SniffResult;
  const { Columns: columns, HasHeader: header, DateFormat, TimestampFormat } = sniffed;
  refuseSkipped(file, Number(sniffed.SkipRows) - skip);
  if (columns.length === 1 && known === undefined) await refuseRagged(connection, file, columns[0]!.name);
  const division = [
    `delim = ${sqlText(sniffed.Delimiter)}`,
    `quote = ${sqlText(orElse(sniffed.Quote, sample.quote))}`,
    `escape = ${sqlText(orElse(sniffed.Escape, sample.quote))}`,
    `comment = ${sqlText(orElse(sniffed.Comment, ''))}`,
    ...(skip === 0 ? [] : [`skip = ${skip}`]),
  ].join(', ');
  if (header) refuseDuplicates(file, await headerOf(connection, file, division, columns.length));
  const formats = [
    DateFormat === null ? [] : [`dateformat = ${sqlText(DateFormat)}`],
    TimestampFormat === null ? [] : [`timestampformat = ${sqlText(TimestampFormat)}`],
  ].flat();
  const found = Object.entries({ DATE: DateFormat, TIMESTAMP: TimestampFormat });
  const dates = Object.fromEntries(
    found.filter((each): each is [string, string] => each[1] !== null && !each[1].startsWith('%Y-%m-%d')),
  );
  return { delimiter: sniffed.Delimiter, division, formats: formats.join(', '), dates, header, columns };
}

const DELIMITERS = [',', ';', '\t', '|'];

interface FirstLine {
  /** Number of lines before the header. */
  readonly skip: number;
  /** Undefined if the first line does not decide it. */
  readonly delimiter?: string;
}

/**
 * Reads the delimiter from the first line: Excel's `sep=;`, or the only delimiter of a header without commas.
 * Otherwise decimal commas in the rows could be mistaken for delimiters.
 */
function readFirstLine(line: string): FirstLine {
  const declared = /^\ufeff?"?sep=(.)"?\r?$/i.exec(line)?.[1];
  if (declared !== undefined) return { skip: 1, delimiter: declared };
  const unquoted = line.replaceAll(/"[^"]*"/g, '');
  const [only, ...others] = DELIMITERS.filter((each) => unquoted.includes(each));
  return only === undefined || only === ',' || others.length > 0 ? { skip: 0 } : { skip: 0, delimiter: only };
}

async function firstLineOf(connection: DuckDBConnection, file: string): Promise<string> {
  const lines = await connection.runAndReadAll(
    `FROM read_csv(${sqlText(file)}, auto_detect = false, header = false, strict_mode = false, delim = '', quote = '', escape = '', columns = {'line': 'VARCHAR'}) LIMIT 1`,
  );
  return String(lines.getRows()[0]?.[0] ?? '');
}

function orElse(sniffed: string, otherwise: string): string {
  return sniffed === '(empty)' ? otherwise : sniffed;
}

/** DuckDB skips leading lines that differ from the rest, for instance a header with one name too few. */
function refuseSkipped(file: string, count: number): void {
  if (count === 0) return;
  const lines = count === 1 ? 'line 1' : `lines 1 to ${count}`;
  throw new InputError(
    `${file}: expected as many values in every line, found ${lines} to differ from line ${count + 1}; correct them, or skip lines that are not data: SELECT * FROM read_csv('${file}', skip = ${count})`,
  );
}

/**
 * If rows differ in length, DuckDB takes each line as one value; reading with a real delimiter makes it name
 * the line.
 */
async function refuseRagged(connection: DuckDBConnection, file: string, firstLine: string): Promise<void> {
  const delimiter = DELIMITERS.find((each) => firstLine.includes(each));
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
