import { explaining, withDatabase } from '../duckdb/database.ts';
import { queryTable } from '../duckdb/query.ts';
import { statementsIn } from '../duckdb/statements.ts';
import type { TableSource } from './source.ts';

const KEYWORDS = 'select|with|from|values|install|load|attach|create|set|describe|summarize|pivot|unpivot';
/** A statement, perhaps in parentheses and after comments. */
const SQL = new RegExp(`^(\\s|--[^\\n]*\\n|/\\*[\\s\\S]*?\\*/|\\()*(${KEYWORDS})\\s`, 'i');

/**
 * Results of DuckDB over any file or database it can reach; the last of several statements gives the rows.
 */
export const sql: TableSource = {
  kind: 'table',
  summary: 'SQL (SELECT ...)',
  recognises: (location) => SQL.test(location),
  read: (location, options) => {
    const source = lastStatement(location);
    return withDatabase((connection) =>
      explaining(source, () => queryTable(connection, location, source, options)),
    );
  },
};

/** Returns the last statement as a name for manifests, since the statements before it may hold secrets. */
function lastStatement(text: string): string {
  const { last } = statementsIn(text);
  return last.replaceAll(/\s+/g, ' ').trim();
}
