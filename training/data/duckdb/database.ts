/** DuckDB, in memory, for as long as one source is read: https://duckdb.org. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';

/** Runs `work` on an empty database, which is closed afterwards. */
export async function withDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  // Loaded when needed: its 70 MB library would add half a second to every start.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    // What does not fit in memory is put on disk, by default into the current folder.
    temp_directory: join(tmpdir(), `latentedge-duckdb-${process.pid}`),
  });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Runs `work`; what DuckDB has to say against it becomes one line. */
export async function explaining<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // `Parser Error: ...`, `IO Error: ...`: anything else is a defect of ours.
    if (!(error instanceof Error && /^[A-Z][\w ]* Error: /.test(error.message))) throw error;
    throw new InputError(`${source}: ${oneLine(error.message)}`);
  }
}

const LONGEST = 400;

/** DuckDB's message without its suggestions of options, the values of those, and the excerpt of the statement. */
function oneLine(message: string): string {
  const end = /\nPossible |\nThe search space|\n\s*file = |\nLINE \d|\nTry increasing/.exec(message)?.index;
  const lines = message.slice(0, end).split('\n');
  const told = lines.filter((line) => line.trim() !== '' && !line.startsWith('Original Line'));
  const text = told.map((line) => line.trim()).join('; ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
