/**
 * DuckDB's errors about lines of a CSV file, without the line: rows are personal data, and messages end in logs and in
 * the history of a model.
 */

/** The reasons at the end of DuckDB's errors, and what is printed for each. */
const REASONS: readonly (readonly [
  RegExp,
  (found: RegExpExecArray, line: string, message: string) => string,
])[] = [
  [/^Expected Number of Columns: \d+ Found: \d+/m, ([text]) => text],
  [/^Invalid unicode .*/m, ([text]) => text],
  [/^Maximum line size of .*/m, ([text]) => text],
  [
    /^Value with unterminated quote found/m,
    (_, line, message) =>
      `column ${openColumn(line, /^ *delimiter = (.)/m.exec(message)?.[1])}: expected a quote that ends the value, before a delimiter or the end of the line, found none; a quote within a quoted value is written twice`,
  ],
  [
    /^Error when converting column "([^\n]*?)"\. Could not convert string [\s\S]*? to '([^'\n]*)'$/m,
    ([, column, type]) => `column ${column}: expected a value of type ${type}`,
  ],
];

/** Returns line, column and what was expected; undefined for an error about no line of a CSV file. */
export function csvError(message: string): string | undefined {
  const [start, kind, number] = /^([A-Z][\w ]* Error): CSV Error on Line: (\d+)\n/.exec(message) ?? [];
  if (start === undefined) return undefined;
  // The row, which may hold anything, is before the reason, so the last match is DuckDB's own.
  const found = REASONS.flatMap(([pattern, tell]) => {
    const last = [...message.matchAll(new RegExp(pattern, 'gm'))].at(-1);
    return last === undefined ? [] : [{ last, tell }];
  }).sort((a, b) => b.last.index - a.last.index)[0];
  const line = message.slice(start.length + 'Original Line: '.length, found?.last.index);
  const reason = found === undefined ? 'cannot be read' : found.tell(found.last, line, message);
  return `${kind}: CSV Error on Line: ${number}; ${reason}`;
}

/** The number of the value whose quote is not closed, or closed before its end; 1 for the first. */
function openColumn(line: string, delimiter = ','): number {
  let column = 1;
  for (let at = 0; at < line.length; column++) {
    if (line[at] === '"') {
      const quoted = /^"(?:[^"]|"")*"/.exec(line.slice(at))?.[0];
      if (quoted === undefined || ![delimiter, '\n', '\r', undefined].includes(line[at + quoted.length]))
        return column;
      at += quoted.length;
    }
    const next = line.indexOf(delimiter, at);
    if (next < 0) return column;
    at = next + delimiter.length;
  }
  return column;
}
