/** Selecting the rows of CSV files in DuckDB. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { MISSING } from '../../../shared/missingMarks.ts';
import { type Dialect, dialectOf, type SniffSample } from '../duckdb/dialect.ts';
import { isRemote } from '../duckdb/files.ts';
import { sqlList, sqlName, sqlStruct, sqlText } from '../duckdb/literals.ts';
import { writtenCells } from '../duckdb/writtenCells.ts';
import type { DecimalMark } from '../numberText.ts';
import { idsAmong, type TableReadOptions } from './source.ts';

/** All rows, to find the delimiter, quotes, header and types. */
export const ALL: SniffSample = { rows: -1, quote: '' };

/** Types to widen, since later rows may have fractions even if the first ones do not. */
const WIDER: Readonly<Record<string, string>> = { BIGINT: 'DOUBLE' };
const NUMERIC = new Set(['BIGINT', 'DOUBLE']);

/** Facts about a column beyond the table that DuckDB reads, for notes. */
export interface Written {
  /** A number with a point that may separate thousands. */
  readonly point?: string;
  /** The format of its dates. */
  readonly date?: string;
}

/** The rows of CSV files, as SQL. */
export interface CsvSelection {
  readonly sql: string;
  /** True if commas are for decimals, since semicolons separate values. */
  readonly decimalComma: boolean;
  /** The decimal mark, if it is chosen or shows. */
  readonly decimal?: DecimalMark;
}

/** Returns the rows of files with all of their rows looked at. */
export function wholeSelection(
  connection: DuckDBConnection,
  files: readonly string[],
  options: TableReadOptions,
): Promise<CsvSelection> {
  return selectionOf(connection, files, options, ALL, new Map());
}

/** Returns the rows of files, and notes in `written` how their columns are written. */
export async function selectionOf(
  connection: DuckDBConnection,
  files: readonly string[],
  options: TableReadOptions,
  sample: SniffSample,
  written: Map<string, Written>,
): Promise<CsvSelection & { readonly dialects: readonly Dialect[] }> {
  let decimal = options.decimal;
  const missing = options.missing ?? MISSING;
  const dialects: Dialect[] = [];
  const asText = new Set<string>();
  for (const file of files) {
    const dialect = await dialectOf(connection, file, missing, sample);
    dialects.push(dialect);
    if (isRemote(file)) continue; // a second download
    const cells = await writtenCells(connection, file, dialect, missing);
    for (const name of cells.zeros) asText.add(name);
    // Whoever writes commas before decimals writes points between thousands.
    if (cells.hasDecimalCommas) decimal ??= ',';
    for (const { name, type } of dialect.columns) {
      const before = written.get(name);
      // In every file, or the others show what a point means.
      const point = before === undefined || before.point !== undefined ? cells.points.get(name) : undefined;
      const date = before?.date ?? dialect.dates[type];
      written.set(name, { ...(point && { point }), ...(date && { date }) });
    }
  }
  requireSameColumns(files, dialects);
  for (const [name, { point }] of written) if (point !== undefined && decimal === ',') asText.add(name);
  // Each file has its own dialect; if types differ, the union takes the wider one.
  const selects = files.map((file, i) => select(file, dialects[i]!, options, asText));
  // If semicolons separate values, commas are for decimals.
  const decimalComma = dialects.some(({ delimiter }) => delimiter === ';');
  return { sql: selects.join(' UNION ALL '), dialects, decimalComma, ...(decimal && { decimal }) };
}

function select(
  file: string,
  dialect: Dialect,
  { missing = MISSING, types = {}, categories = [], ids }: TableReadOptions,
  asText: ReadonlySet<string>,
): string {
  const names = dialect.columns.map(({ name }) => name);
  const idNames = idsAmong(names, ids);
  const columns = dialect.columns.map(({ name, type }) => {
    const isDeclared = Object.hasOwn(types, name) || categories.includes(name);
    const isText = idNames.size > 0 || isDeclared || asText.has(name);
    return [name, isText ? 'VARCHAR' : (WIDER[type] ?? type)] as const;
  });
  const named = [
    sqlText(file),
    'auto_detect = false',
    dialect.division,
    ...(dialect.formats === '' ? [] : [dialect.formats]),
    `header = ${dialect.header}`,
    `columns = ${sqlStruct(columns)}`,
    // Ids are text as written: a user may be called NA.
    `nullstr = ${sqlList(idNames.size > 0 ? [''] : missing)}`,
  ];
  const from = `FROM read_csv(${named.join(', ')})`;
  if (idNames.size === 0) return `SELECT * ${from}`;
  const selected = dialect.columns.map(({ name, type }) => {
    const quoted = sqlName(name);
    if (idNames.has(name) || !NUMERIC.has(type)) return quoted;
    return `CASE WHEN list_contains(${sqlList(missing)}, trim(${quoted})) THEN NULL ELSE ${quoted}::DOUBLE END AS ${quoted}`;
  });
  return `SELECT ${selected.join(', ')} ${from}`;
}

function requireSameColumns(files: readonly string[], dialects: readonly Dialect[]): void {
  const namesOf = ({ columns }: Dialect) => columns.map(({ name }) => name).join(', ');
  const expected = namesOf(dialects[0]!);
  const other = dialects.findIndex((dialect) => namesOf(dialect) !== expected);
  if (other < 0) return;
  throw new InputError(
    `${files[other]}: expected the columns of ${files[0]} (${expected}), found ${namesOf(dialects[other]!)}`,
  );
}
