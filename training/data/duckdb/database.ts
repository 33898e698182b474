/** In-memory DuckDB (https://duckdb.org), open while a source is read. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { csvError } from './csvErrors.ts';

/** Connections that have not been closed, and the files that go with them. */
const open = new Map<DuckDBConnection, string[]>();

/** Connections that outlive the work they were opened for. */
const kept = new WeakSet<DuckDBConnection>();

/** Keeps a connection open after its work. Returns a function that closes it. */
export function keepOpen(connection: DuckDBConnection): () => void {
  kept.add(connection);
  return () => close(connection);
}

/** Setting of jemalloc, which DuckDB has on Linux; elsewhere it has no effect. */
const FREED_AT_ONCE = 'dirty_decay_ms:0,muzzy_decay_ms:0';

let fileCount = 0;

/** Returns the path of a file to write, which is removed when the connection is closed, or the process ends. */
export function temporaryFile(connection: DuckDBConnection, ending: string): string {
  const file = `${spillFolder()}-${fileCount++}${ending}`;
  open.get(connection)!.push(file);
  return file;
}

/** Runs `work` on an empty database and closes it afterwards, unless the work keeps it open. */
export async function withDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  // Its allocator reads this as it is loaded. By default it keeps what is freed for seconds: 100 MB where rows stream.
  process.env.DUCKDB_JE_MALLOC_CONF ??= FREED_AT_ONCE;
  // Loaded on demand: the 70 MB library would add half a second to every start.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  // Data that does not fit into memory spills to disk, by default into the current folder.
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: spillFolder() });
  const connection = await instance.connect();
  if (open.size === 0) process.once('exit', abandon);
  open.set(connection, []);
  try {
    return await work(connection);
  } finally {
    if (!kept.has(connection)) close(connection);
    // The database itself ends with its last connection.
    instance.closeSync();
  }
}

function close(connection: DuckDBConnection): void {
  connection.closeSync();
  removeFiles(connection);
  open.delete(connection);
  if (open.size === 0) process.removeListener('exit', abandon);
}

/** Ends the queries of a process that ends, which it would wait for, and removes what they have spilt. */
function abandon(): void {
  for (const connection of open.keys()) {
    connection.interrupt();
    removeFiles(connection);
  }
  rmSync(spillFolder(), { recursive: true, force: true });
}

function removeFiles(connection: DuckDBConnection): void {
  for (const file of open.get(connection) ?? []) rmSync(file, { force: true });
}

function spillFolder(): string {
  return join(tmpdir(), `latentedge-duckdb-${process.pid}`);
}

/** Runs `work` and turns an error of DuckDB into an `InputError` of one line. */
export async function explaining<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // DuckDB's errors start like `Parser Error: ...` or `IO Error: ...`; anything else is a bug of ours.
    if (!(error instanceof Error && /^[A-Z][\w ]* Error: /.test(error.message))) throw error;
    throw new InputError(`${source}: ${oneLine(error.message)}`);
  }
}

const MAX_LENGTH = 400;

/** DuckDB's message without suggested options, their values and the excerpt of the statement. */
function oneLine(message: string): string {
  const end = /\nPossible |\nThe search space|\n\s*file = |\nLINE \d|\nTry increasing/.exec(message)?.index;
  const lines = message.slice(0, end).split('\n');
  const kept = lines.map((line) => line.trim()).filter((line) => line !== '');
  const text = csvError(message) ?? kept.join('; ');
  const { expected, found } =
    /Number of Columns: (?<expected>\d+) Found: (?<found>\d+)/.exec(text)?.groups ?? {};
  const advice = Number(found) > Number(expected) ? UNEVEN : '';
  return `${text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text}${advice}`;
}

/** Advice about rows of more values than the header has names. */
const UNEVEN =
  '; a value that holds the separator, such as 1,5 between commas, must be quoted, or the columns separated by semicolons';
