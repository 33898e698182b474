/** Reads rows from a path, a glob or SQL, by the first source that recognises the location. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Dataset } from './dataset.ts';
import { isGlob } from './duckdb/files.ts';
import { isPipe, withPipeContent } from './localCopy.ts';
import { numericDataset } from './numeric.ts';
import { SOURCES } from './sources/registry.ts';
import type { Source, SourceOptions, TableReadOptions, TableSource } from './sources/source.ts';
import type { Table } from './table.ts';

/** A location at which there is nothing of the kind that is to be read; commands add the flag that named it. */
export class LocationError extends InputError {}

/**
 * Reads a table from `location`: a path, a glob (`readings/*.csv.gz`) or SQL (`SELECT ... FROM
 * 'readings.parquet'`).
 * @throws {LocationError} if it holds arrays or images, which `readDataset` reads.
 * @throws {InputError} naming file, column and row, if it is missing, damaged, too short or of mixed types.
 */
export async function readTable(location: string, options: TableReadOptions = {}): Promise<Table> {
  if (isPipe(location)) {
    // The copy of its content is gone when all rows would be read again.
    const held = { ...options, ...(options.rows && { rows: { ...options.rows, hold: undefined } }) };
    const table = await withPipeContent(location, (copy) => readTable(copy, held));
    return { ...table, source: location };
  }
  const source = sourceOf(location);
  if (source.kind === 'table') return tableFrom(source, location, options);
  throw new LocationError(`${location}: expected a table with named columns, ${foundAt(location, source)}`);
}

/**
 * Reads rows to train on from `location`, which may also hold images or arrays. A table contributes its
 * numeric features as inferred by `inferRoles`.
 * @throws {InputError} as `readTable` does, and for missing values or a table without a numeric feature.
 */
export async function readDataset(location: string, options: SourceOptions = {}): Promise<Dataset> {
  if (isPipe(location)) return numericDataset(await readTable(location, options));
  const source = sourceOf(location);
  return source.kind === 'table'
    ? numericDataset(await tableFrom(source, location, options))
    : source.read(location, options);
}

/** True if `readDataset` finds arrays or images at `location`, which `readTable` refuses. */
export function isArray(location: string): boolean {
  return !isPipe(location) && sourceOf(location).kind === 'array';
}

/** Describes what is at a location in place of a table, and what a table is. */
function foundAt(location: string, { summary }: Source): string {
  if (existsSync(location) && statSync(location).isDirectory())
    return `found a folder: name the files in it, for instance ${join(location, '*.csv')}`;
  const tables = Object.values<Source>(SOURCES).filter(({ kind }) => kind === 'table');
  return `found ${summary}; tables are ${tables.map((each) => each.summary).join('; ')}`;
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
  if (isGlob(location)) {
    throw new InputError(
      `${location}: expected a glob that ends with the extension of its files, for instance photos/*.png or readings/*.csv`,
    );
  }
  if (!existsSync(location)) throw new LocationError(`${location}: no such file or folder`);
  const known = Object.values(SOURCES).map(({ summary }) => summary);
  throw new LocationError(`${location}: expected one of: ${known.join('; ')}`);
}
