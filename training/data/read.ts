/** The front door: rows from a path, a glob or SQL. */
import { existsSync } from 'node:fs';
import { InputError } from '../../shared/errors.ts';
import type { Dataset } from './dataset.ts';
import { numericDataset } from './numeric.ts';
import { SOURCES } from './sources/registry.ts';
import type { Source, SourceOptions, TableReadOptions, TableSource } from './sources/source.ts';
import type { Table } from './table.ts';

/**
 * A table from `location`: a path, a glob (`readings/*.csv.gz`) or SQL (`SELECT ... FROM 'readings.parquet'`).
 * @throws {InputError} naming file, column and row, when it is missing, damaged, empty or of mixed types.
 */
export async function readTable(location: string, options: TableReadOptions = {}): Promise<Table> {
  const source = sourceOf(location);
  if (source.kind === 'table') return tableFrom(source, location, options);
  throw new InputError(
    `${location}: expected columns with names, found ${source.summary}; use readDataset instead`,
  );
}

/**
 * Rows to train on from `location`, also from images and arrays; of a table, its numeric features as they are inferred
 * (`inferRoles`).
 * @throws {InputError} as `readTable`, and for missing values and tables without a numeric feature.
 */
export async function readDataset(location: string, options: SourceOptions = {}): Promise<Dataset> {
  const source = sourceOf(location);
  return source.kind === 'table'
    ? numericDataset(await tableFrom(source, location, options))
    : source.read(location, options);
}

async function tableFrom(source: TableSource, location: string, options: TableReadOptions): Promise<Table> {
  const table = await source.read(location, options);
  if (table.rowCount < 2) {
    throw new InputError(`${table.source}: expected two rows or more, found ${table.rowCount}`);
  }
  return table;
}

function sourceOf(location: string): Source {
  const source = Object.values(SOURCES).find(({ recognises }) => recognises(location));
  if (source !== undefined) return source;
  if (!existsSync(location)) throw new InputError(`${location}: no such file or folder`);
  const known = Object.values(SOURCES).map(({ summary }) => summary);
  throw new InputError(`${location}: expected one of: ${known.join('; ')}`);
}
