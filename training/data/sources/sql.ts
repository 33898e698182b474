import { explaining, withDatabase } from '../duckdb/database.ts';
import { queryTable } from '../duckdb/query.ts';
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

/** A string or a quoted name, in which nothing is a comment, or else a comment, or the end of a statement. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

/** Returns the last statement as a name for manifests, since the statements before it may hold secrets. */
function lastStatement(text: string): string {
  const statements = [''];
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const quoted = token.startsWith("'") || token.startsWith('"');
    statements[statements.length - 1] += text.slice(start, index) + (quoted ? token : ' ');
    if (token === ';') statements.push('');
    start = index + token.length;
  }
  statements[statements.length - 1] += text.slice(start);
  const [last = text] = statements.filter((statement) => statement.trim() !== '').slice(-1);
  return last.replaceAll(/\s+/g, ' ').trim();
}
