/** Tables and files of tables for tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, isMissing, type Table } from '../../training/data/table.ts';
import { temporaryFolder } from './data.ts';

/** The values of a column as a person would write them: null where missing, days for dates. */
export function valuesOf(column: Column): (number | string | boolean | null)[] {
  const { length } = column.type === 'category' ? column.codes : column.values;
  return Array.from({ length }, (_, row) => (isMissing(column, row) ? null : valueAt(column, row)));
}

function valueAt(column: Column, row: number): number | string | boolean {
  switch (column.type) {
    case 'category':
      return column.categories[column.codes[row]!]!;
    case 'boolean':
      return column.values[row] === 1;
    case 'date':
      return new Date(column.values[row]!).toISOString().slice(0, 10);
    case 'number':
      return column.values[row]!;
  }
}

/** Columns by name, as `[type, ...values]`. */
export function contentOf(table: Table): Record<string, unknown[]> {
  return Object.fromEntries(table.columns.map((column) => [column.name, [column.type, ...valuesOf(column)]]));
}

/** A file in a folder that is removed when the test ends. */
export function written(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}
