import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { MISSING } from '../../../shared/missingMarks.ts';
import { type Dialect, dialectOf, type SniffSample } from '../duckdb/dialect.ts';
import { filesTable, isRemote } from '../duckdb/files.ts';
import { sqlList, sqlName, sqlStruct, sqlText } from '../duckdb/literals.ts';
import { stagedRows } from '../duckdb/stagedRows.ts';
import { writtenCells, writtenMarks } from '../duckdb/writtenCells.ts';
import { withChangedText } from '../localCopy.ts';
import type { DecimalMark } from '../numberText.ts';
import type { Column, ColumnNote, Table } from '../table.ts';
import { ambiguityNote, missingNote } from '../text.ts';
import { idsAmong, type TableReadOptions, type TableSource } from './source.ts';

/** DuckDB's default sample: enough for almost every file, in a third of the time. */
const FIRST: SniffSample = { rows: 20_480, quote: '"' };
const ALL: SniffSample = { rows: -1, quote: '' };

/** Types to widen, since later rows may have fractions even if the first ones do not. */
const WIDER: Readonly<Record<string, string>> = { BIGINT: 'DOUBLE' };
const NUMERIC = new Set(['BIGINT', 'DOUBLE']);

/** Values separated by commas, tabs, semicolons or bars; delimiter, quotes and header are detected. */
export const csv: TableSource = {
  kind: 'table',
  summary: 'CSV and TSV files (.csv, .tsv, also .gz and .zst)',
  recognises: (location) => /\.(csv|tsv)(\.gz|\.zst)?$/i.test(location),
  read: async (location, options) => {
    try {
      return await readSampled(location, options, FIRST);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // A later row may not match the sample. With all rows sampled, a remaining error is in the file.
      try {
        return await readSampled(location, options, ALL);
      } catch (again) {
        if (!(again instanceof InputError) || !(await hasMixedLineEnds(location))) throw again;
        const read = (copy: string) => readSampled(copy, options, ALL);
        return { ...(await withChangedText(location, withOneLineEnd, read)), source: location };
      }
    }
  },
};

/**
 * Returns true for an uncompressed file in which some lines end with CR LF, and others with LF or CR alone.
 */
async function hasMixedLineEnds(location: string): Promise<boolean> {
  if (/\.(gz|zst)$/i.test(location) || !existsSync(location)) return false;
  const ends = new Set((await readFile(location, 'utf8')).match(/\r\n|\r|\n/g));
  return ends.size > 1;
}

function withOneLineEnd(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

const NO_MARKS: ReadonlySet<string> = new Set();

/** What is known of a column beyond the table that DuckDB reads, to tell people of. */
interface Written {
  /** A number with a point that may separate thousands. */
  readonly point?: string;
  /** The format of its dates. */
  readonly date?: string;
}

function readSampled(location: string, options: TableReadOptions, sample: SniffSample): Promise<Table> {
  const written = new Map<string, Written>();
  /** Marks for missing values that DuckDB has replaced, by column. */
  const marks = new Map<string, ReadonlySet<string>>();
  let decimal: DecimalMark | undefined;
  const table = filesTable(location, { ...options, untyped: true }, async (connection, files) => {
    const { sql, dialects, ...read } = await selectionOf(connection, files, options, sample, written);
    decimal = read.decimal;
    const names = dialects[0]!.columns.map(({ name }) => name);
    const staged = await stagedRows(connection, sql, names, options.rows);
    const { missing = MISSING } = options;
    for (const [i, file] of files.entries()) {
      if (isRemote(file)) continue;
      const found = await writtenMarks(connection, file, dialects[i]!, { missing, among: staged.gaps });
      for (const [name, own] of found) marks.set(name, new Set([...(marks.get(name) ?? []), ...own]));
    }
    return {
      sql: staged.sql,
      isRepeatable: staged.isKept,
      ...(staged.memory && { memory: staged.memory }),
      ...read,
    };
  });
  return table.then((read) => {
    const ids = idsAmong(
      read.columns.map(({ name }) => name),
      options.ids,
    );
    const columns = read.columns.map((column) =>
      ids.has(column.name)
        ? column
        : noted(column, decimal, { ...written.get(column.name), marks: marks.get(column.name) ?? NO_MARKS }),
    );
    return { ...read, columns };
  });
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

async function selectionOf(
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

/** Adds notes on what DuckDB has decided about a column. */
function noted(
  column: Column,
  decimal: DecimalMark | undefined,
  { marks, point, date }: Written & { readonly marks: ReadonlySet<string> },
): Column {
  const own = column.notes ?? [];
  const has = (kind: ColumnNote['kind']) => own.some((note) => note.kind === kind);
  const isPointed = point !== undefined && column.type === 'number' && decimal === undefined;
  const notes: ColumnNote[] = [
    ...own,
    ...(isPointed && !has('decimal point') ? [ambiguityNote('.', point, Number(point))] : []),
    ...(date !== undefined && column.type === 'date' && !has('date')
      ? [{ kind: 'date' as const, text: `dates, read as ${date}` }]
      : []),
    ...(has('missing') ? [] : missingNote(marks)),
  ];
  return notes.length === 0 ? column : { ...column, notes };
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
