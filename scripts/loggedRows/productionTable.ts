/** The table that a model is trained on next: that of its recipe, and rows that were answered in production. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../shared/errors.ts';
import { explaining, withDatabase } from '../../training/data/duckdb/database.ts';
import { sqlName, sqlStruct, sqlText } from '../../training/data/duckdb/literals.ts';
import { csv } from '../../training/data/sources/csv.ts';
import type { TableReadOptions } from '../../training/data/sources/source.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { createBase } from './baseTable.ts';
import { readObject, recentKeys } from './days.ts';

export interface ProductionRows {
  readonly bucket: ModelBucket;
  readonly model: string;
  /** Days up to today. */
  readonly days: number;
}

export interface BaseTable {
  /** A path, a glob or SQL. */
  readonly location: string;
  readonly reading: TableReadOptions;
  /** The column that labels are written to; undefined if the model has none. */
  readonly label: string | undefined;
  /** True to leave out rows without a label. */
  readonly needsLabel: boolean;
  /** The column that the time of a request is written to, if there is one. */
  readonly time: string | undefined;
}

/** The table that was written, and counts for people. */
export interface ProductionTable {
  /** The file with all rows. */
  readonly path: string;
  readonly rows: number;
  readonly versions: readonly { readonly version: string; readonly rows: number }[];
  readonly labelled: number;
  /** Columns of which at least one row has no value because it was left out or hashed. */
  readonly hidden: readonly string[];
  /** Columns with values that do not fit the base table, and how many rows have one. */
  readonly misfits: readonly { readonly column: string; readonly rows: number }[];
}

/**
 * Writes base table and production rows to a file that is read like the base table: CSV if that is CSV, whose values have
 * no types, and otherwise Parquet. Production comes last.
 * @param stem Path of the file, without its ending.
 * @throws {InputError} if no rows were logged, if they have no names, or if the base table cannot be extended.
 */
export async function writeProductionTable(
  { bucket, model, days }: ProductionRows,
  base: BaseTable,
  stem: string,
): Promise<ProductionTable> {
  const keys = await recentKeys(bucket, model, days);
  if (keys.rows.length === 0) {
    throw new InputError(
      `--from-production: expected logged rows of ${model}, found none of the last ${days} days; LOG_ROWS in wrangler.toml names the models whose rows are logged`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-rows-'));
  try {
    const [rows, labels] = [
      await fetched(bucket, keys.rows, folder),
      await fetched(bucket, keys.labels, folder),
    ];
    const path = `${stem}.${csv.recognises(base.location) ? 'csv' : 'parquet'}`;
    await mkdir(dirname(path), { recursive: true });
    return await withDatabase((connection) =>
      explaining(base.location, async () => {
        await readLogged(connection, rows, labels);
        await createBase(connection, base.location, base.reading);
        return joined(connection, base, path);
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes objects to one file. Returns its path; undefined without objects. */
async function fetched(
  bucket: ModelBucket,
  keys: readonly string[],
  folder: string,
): Promise<string | undefined> {
  if (keys.length === 0) return undefined;
  const path = join(folder, `${keys[0]!.split('/')[0]}.ndjson`);
  for (const key of keys) await writeFile(path, await readObject(bucket, key), { flag: 'a', mode: 0o600 });
  return path;
}

const ROW_COLUMNS = [
  ...[['time', 'VARCHAR'] as const, ['request_id', 'VARCHAR'] as const, ['row', 'BIGINT'] as const],
  ...[['version', 'VARCHAR'] as const, ['features', 'JSON'] as const],
  ...[['leftOut', 'VARCHAR[]'] as const, ['hashed', 'VARCHAR[]'] as const],
];
const LABEL_COLUMNS = [
  ...[['time', 'VARCHAR'] as const, ['request_id', 'VARCHAR'] as const, ['row', 'BIGINT'] as const],
  ['label', 'JSON'] as const,
];

/** Creates the table `logged`: a line for each row, the last one that was logged of it, with its last label. */
async function readLogged(
  connection: DuckDBConnection,
  rows: string | undefined,
  labels: string | undefined,
): Promise<void> {
  const lines = (file: string, columns: readonly (readonly [string, string])[]) =>
    `read_json(${sqlText(file)}, format = 'newline_delimited', columns = ${sqlStruct(columns)})`;
  const given =
    labels === undefined
      ? 'SELECT NULL::VARCHAR AS id, NULL::BIGINT AS row, NULL::VARCHAR AS label WHERE false'
      : `SELECT lower(request_id) AS id, row, arg_max(label->>'$', time) AS label FROM ${lines(labels, LABEL_COLUMNS)} GROUP BY ALL`;
  await connection.run(`CREATE TABLE logged AS
    SELECT own.*, given.label FROM (
      SELECT *, lower(request_id) AS id FROM ${lines(rows!, ROW_COLUMNS)}
      QUALIFY row_number() OVER (PARTITION BY lower(request_id), row ORDER BY time DESC) = 1
    ) AS own LEFT JOIN (${given}) AS given ON own.id = given.id AND own.row = given.row`);
  const unnamed = await rowsOf(
    connection,
    "SELECT 1 FROM logged WHERE json_type(features) <> 'OBJECT' LIMIT 1",
  );
  if (unnamed.length > 0) {
    throw new InputError(
      '--from-production: expected rows with names of columns, found lists: the model was trained on positions, such as pixels',
    );
  }
}

/** Writes both to the file, and describes what was logged. */
async function joined(
  connection: DuckDBConnection,
  { label, needsLabel, time }: BaseTable,
  path: string,
): Promise<ProductionTable> {
  const columns = await rowsOf<{ column_name: string; column_type: string }>(connection, 'DESCRIBE base');
  const sources = columns.map(({ column_name: name, column_type: type }) => {
    const text = sourceOf(name, label, time);
    return { name, text, cast: castOf(text, type) };
  });
  const where = needsLabel && label !== undefined ? 'WHERE label IS NOT NULL' : '';
  const selected = sources.map(({ name, cast }) => `${cast} AS ${sqlName(name)}`);
  const production = `SELECT ${selected.join(', ')} FROM (FROM logged ${where} ORDER BY time, id, row)`;
  await connection.run(`COPY (FROM base UNION ALL BY NAME ${production}) TO ${sqlText(path)}`);
  const misfits = await rowsOf<Record<string, string>>(
    connection,
    `SELECT ${sources.map(({ text, cast }, i) => `count(${text}) - count(${cast}) AS c${i}`).join(', ')} FROM logged ${where}`,
  );
  const versions = await rowsOf<{ version: string; rows: string }>(
    connection,
    `SELECT version, count(*) AS rows FROM logged ${where} GROUP BY version ORDER BY max(time) DESC`,
  );
  const [{ labelled }] = (await rowsOf<{ labelled: string }>(
    connection,
    `SELECT count(label) AS labelled FROM logged`,
  )) as [{ labelled: string }];
  const hidden = await rowsOf<{ name: string }>(
    connection,
    `SELECT DISTINCT unnest(list_concat(coalesce("leftOut", []), coalesce(hashed, []))) AS name FROM logged ORDER BY name`,
  );
  const counts = versions.map(({ version, rows }) => ({ version, rows: Number(rows) }));
  return {
    path,
    rows: counts.reduce((sum, { rows }) => sum + rows, 0),
    versions: counts,
    labelled: Number(labelled),
    hidden: hidden.map(({ name }) => name),
    misfits: sources.flatMap(({ name }, i) => {
      const rows = Number(misfits[0]![`c${i}`]);
      return rows === 0 ? [] : [{ column: name, rows }];
    }),
  };
}

/** Returns the value of a column in a logged row, as text; a hash is none. */
function sourceOf(name: string, label: string | undefined, time: string | undefined): string {
  if (name === label) return 'label';
  if (name === time) return 'time';
  const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const value = `json_extract_string(features, ${sqlText(pointer)})`;
  return `CASE WHEN list_contains(coalesce(hashed, []), ${sqlText(name)}) THEN NULL ELSE ${value} END`;
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Returns the text as a value of the column. A truth value is 1 or 0 in a column of numbers. */
function castOf(text: string, type: string): string {
  if (!NUMBERS.test(type)) return `TRY_CAST(${text} AS ${type})`;
  return `CASE ${text} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE TRY_CAST(${text} AS DOUBLE) END`;
}

async function rowsOf<Row>(connection: DuckDBConnection, query: string): Promise<Row[]> {
  return (await connection.runAndReadAll(query)).getRowObjectsJson() as unknown as Row[];
}
