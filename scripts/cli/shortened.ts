/** Long SQL in messages: a statement that the reader has just typed need not be repeated. */

const MOST = 80;

/** Returns `text` with SQL of more than 80 characters cut to its beginning, wherever it occurs. */
export function withShortSql(text: string, typed: readonly string[] = process.argv): string {
  return typed
    .flatMap((each) => each.split(';'))
    .flatMap((each) => [each.trim(), each.replaceAll(/\s+/g, ' ').trim()])
    .filter((each) => each.length > MOST && /\s/.test(each))
    .reduce((shorter, sql) => shorter.replaceAll(sql, `${sql.slice(0, MOST - 20).trim()} ...`), text);
}
