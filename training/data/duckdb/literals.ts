/** Values as SQL. */

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}

/** `{'a': 'DOUBLE', 'b': 'VARCHAR'}` */
export function struct(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${text(name)}: ${text(value)}`).join(', ')}}`;
}
