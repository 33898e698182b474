/** SQL, split into statements. */

/** A string or a quoted name, in which nothing is a comment, or else a comment, or the end of a statement. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

export interface Statements {
  /** The statements before the last one, which prepare it. */
  readonly before: readonly string[];
  readonly last: string;
}

/** Splits SQL into statements, without comments. */
export function statementsIn(text: string): Statements {
  const statements = [''];
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const quoted = token.startsWith("'") || token.startsWith('"');
    statements[statements.length - 1] += text.slice(start, index) + (quoted ? token : ' ');
    if (token === ';') statements.push('');
    start = index + token.length;
  }
  statements[statements.length - 1] += text.slice(start);
  const filled = statements.filter((statement) => statement.trim() !== '');
  return { before: filled.slice(0, -1), last: filled.at(-1) ?? text };
}
