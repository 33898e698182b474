import { InputError } from '../../../shared/errors.ts';
import { type Dialect, dialectOf, type SniffSample } from '../duckdb/dialect.ts';
import { filesTable } from '../duckdb/files.ts';
import { sqlList, sqlStruct, sqlText } from '../duckdb/literals.ts';
import type { Table } from '../table.ts';
import { MISSING } from '../text.ts';
import type { TableReadOptions, TableSource } from './source.ts';

/** DuckDB's default sample: enough for almost every file, in a third of the time. */
const FIRST: SniffSample = { rows: 20_480, quote: '"' };
const ALL: SniffSample = { rows: -1, quote: '' };

/** Types to widen, since later rows may have fractions even if the first ones do not. */
const WIDER: Readonly<Record<string, string>> = { BIGINT: 'DOUBLE' };

/** Values separated by commas, tabs, semicolons or bars; delimiter, quotes and header are detected. */
export const csv: TableSource = {
  kind: 'table',
  summary: 'CSV and TSV files (.csv, .tsv, also gzipped)',
  recognises: (location) => /\.(csv|tsv)(\.gz)?$/i.test(location),
  read: async (location, options) => {
    try {
      return await readSampled(location, options, FIRST);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // A later row may not match the sample. With all rows sampled, a remaining error is in the file.
      return await readSampled(location, options, ALL);
    }
  },
};

function readSampled(location: string, options: TableReadOptions, sample: SniffSample): Promise<Table> {
  return filesTable(location, { ...options, untyped: true }, async (connection, files) => {
    const missing = options.missing ?? MISSING;
    const dialects: Dialect[] = [];
    for (const file of files) dialects.push(await dialectOf(connection, file, missing, sample));
    requireSameColumns(files, dialects);
    // Each file has its own dialect; if types differ, the union takes the wider one.
    return files.map((file, i) => select(file, dialects[i]!, options)).join(' UNION ALL ');
  });
}

function select(
  file: string,
  dialect: Dialect,
  { missing = MISSING, types = {}, ids = 0 }: TableReadOptions,
): string {
  const columns = dialect.columns.map(({ name, type }, c) => {
    const isText = c < ids || Object.hasOwn(types, name);
    return [name, isText ? 'VARCHAR' : (WIDER[type] ?? type)] as const;
  });
  const named = [
    sqlText(file),
    'auto_detect = false',
    dialect.division,
    ...(dialect.formats === '' ? [] : [dialect.formats]),
    `header = ${dialect.header}`,
    `columns = ${sqlStruct(columns)}`,
    `nullstr = ${sqlList(missing)}`,
  ];
  return `SELECT * FROM read_csv(${named.join(', ')})`;
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
