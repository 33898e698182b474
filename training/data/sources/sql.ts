import { explaining, withDatabase } from '../duckdb/database.ts';
import { queryTable } from '../duckdb/query.ts';
import type { TableSource } from './source.ts';

const KEYWORDS = 'select|with|from|values|install|load|attach|create|set';

/** What DuckDB answers, over any file or database it can reach; several statements end in the one that gives rows. */
export const sql: TableSource = {
  kind: 'table',
  summary: 'SQL (SELECT ...)',
  recognises: (location) => new RegExp(`^\\s*(${KEYWORDS})\\s`, 'i').test(location),
  read: (location, options) => {
    const source = lastStatement(location);
    return withDatabase((connection) =>
      explaining(source, () => queryTable(connection, location, source, options)),
    );
  },
};

/** A name for the rows, which goes into manifests: the statements before the last may hold secrets. */
function lastStatement(text: string): string {
  const statements = text.split(';').filter((statement) => statement.trim() !== '');
  return statements.at(-1)!.replaceAll(/\s+/g, ' ').trim();
}
