/** SQL literals. */

export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A quoted identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlList(values: readonly string[]): string {
  return `[${values.map(sqlText).join(', ')}]`;
}

/** For instance `{'a': 'DOUBLE', 'b': 'VARCHAR'}`. */
export function sqlStruct(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${sqlText(name)}: ${sqlText(value)}`).join(', ')}}`;
}
