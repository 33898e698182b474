/** Files that DuckDB reads: a single one, matches of a glob, or remote ones. */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { checkGzip } from '../gzip.ts';
import type { Table } from '../table.ts';
import { explaining, withDatabase } from './database.ts';
import { sqlText } from './literals.ts';
import { type QueryOptions, queryTable } from './query.ts';

/** MiB for reading files from their start to their end. */
const SCAN_MEMORY = 128;

/** SQL that reads files, and options that depend on their content. */
type Selection = string | ({ readonly sql: string } & QueryOptions);

/** Reads a table from all files at `location` with the SQL that `selectFrom` returns for them. */
export function filesTable(
  location: string,
  options: QueryOptions,
  selectFrom: (connection: DuckDBConnection, files: readonly string[]) => Selection | Promise<Selection>,
): Promise<Table> {
  return withDatabase((connection) =>
    explaining(location, async () => {
      const files = await filesAt(connection, location);
      for (const file of files.filter((each) => !isRemote(each))) {
        if (file.endsWith('.gz')) await checkGzip(file);
        else await requireNoPage(file);
      }
      const selection = await selectFrom(connection, files);
      const { sql, ...own } = typeof selection === 'string' ? { sql: selection } : selection;
      return queryTable(connection, sql, location, { memory: SCAN_MEMORY, ...options, ...own });
    }),
  );
}

/**
 * Returns the files that a glob matches, in alphabetical order.
 * @throws {InputError} if there are none.
 */
export function matchingFiles(pattern: string): Promise<string[]> {
  return withDatabase((connection) => explaining(pattern, () => filesAt(connection, pattern)));
}

/** True for a path with wildcards. */
export function isGlob(location: string): boolean {
  return /[*?[]/.test(location);
}

/** Returns the files in alphabetical order, so that the order of the rows is fixed. */
async function filesAt(connection: DuckDBConnection, location: string): Promise<string[]> {
  if (!isGlob(location) || location.startsWith('http')) {
    if (isRemote(location) || existsSync(location)) return [location];
    throw new InputError(`${location}: no such file`);
  }
  const found = await connection.runAndReadAll(`SELECT file FROM glob(${sqlText(location)}) ORDER BY file`);
  const files = found.getRows().map(([file]) => String(file));
  if (files.length === 0) throw new InputError(`${location}: expected files that match, found none`);
  return files;
}

export function isRemote(path: string): boolean {
  return path.includes('://');
}

/** @throws {InputError} for an HTML page, which CSV would read as a column of one name and no rows. */
async function requireNoPage(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64) });
    if (!/^\ufeff?\s*<(!doctype html|html)\b/i.test(buffer.toString('utf8', 0, bytesRead))) return;
  } finally {
    await file.close();
  }
  throw new InputError(
    `${path}: expected a table, found an HTML page, such as a server sends to ask for a login or to tell of an error; download the file again`,
  );
}
