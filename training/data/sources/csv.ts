import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.ts';
import { type Dialect, dialectOf, type SniffSample } from '../duckdb/dialect.ts';
import { filesTable, isRemote } from '../duckdb/files.ts';
import { sqlList, sqlName, sqlStruct, sqlText } from '../duckdb/literals.ts';
import { numericCells } from '../duckdb/numericCells.ts';
import { withChangedText } from '../localCopy.ts';
import type { Column, Table } from '../table.ts';
import { MISSING, missingNote } from '../text.ts';
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

function readSampled(location: string, options: TableReadOptions, sample: SniffSample): Promise<Table> {
  const marks = new Map<string, Set<string>>();
  const table = filesTable(location, { ...options, untyped: true }, async (connection, files) => {
    const missing = options.missing ?? MISSING;
    const dialects: Dialect[] = [];
    const zeros = new Set<string>();
    for (const file of files) {
      const dialect = await dialectOf(connection, file, missing, sample);
      dialects.push(dialect);
      if (isRemote(file)) continue; // a second download
      const cells = await numericCells(connection, file, dialect, missing);
      for (const name of cells.zeros) zeros.add(name);
      for (const [name, found] of cells.marks)
        marks.set(name, new Set([...(marks.get(name) ?? []), ...found]));
    }
    requireSameColumns(files, dialects);
    // Each file has its own dialect; if types differ, the union takes the wider one.
    const selects = files.map((file, i) => select(file, dialects[i]!, options, zeros));
    // If semicolons separate values, commas are for decimals.
    const decimalComma = dialects.some(({ delimiter }) => delimiter === ';');
    return { sql: selects.join(' UNION ALL '), decimalComma };
  });
  return table.then((read) => ({ ...read, columns: read.columns.map((column) => noted(column, marks)) }));
}

/** Adds the marks that DuckDB has replaced in a column of numbers. */
function noted(column: Column, marks: ReadonlyMap<string, ReadonlySet<string>>): Column {
  const found = marks.get(column.name);
  if (found === undefined || column.notes?.some(({ kind }) => kind === 'missing')) return column;
  return { ...column, notes: [...(column.notes ?? []), ...missingNote(found)] };
}

function select(
  file: string,
  dialect: Dialect,
  { missing = MISSING, types = {}, ids }: TableReadOptions,
  zeros: ReadonlySet<string>,
): string {
  const names = dialect.columns.map(({ name }) => name);
  const idNames = idsAmong(names, ids);
  const columns = dialect.columns.map(({ name, type }) => {
    const isText = idNames.size > 0 || Object.hasOwn(types, name) || zeros.has(name);
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
