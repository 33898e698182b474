/** Tables and files of tables for tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, isMissing, type Table } from '../../../training/data/table.ts';
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

type Cell = number | string | boolean | null;

/** A table of columns by name, of the type of their first value that is not null. */
export function tableOf(columns: Readonly<Record<string, readonly Cell[]>>): Table {
  const [first] = Object.values(columns);
  return {
    source: 'test',
    rowCount: first!.length,
    columns: Object.entries(columns).map(([name, cells]) => columnFrom(name, cells)),
  };
}

function columnFrom(name: string, cells: readonly Cell[]): Column {
  const type = typeof cells.find((cell) => cell !== null);
  if (type === 'string') {
    const categories = [...new Set(cells.filter((cell) => cell !== null) as string[])].sort();
    return {
      name,
      type: 'category',
      codes: Int32Array.from(cells, (cell) => categories.indexOf(String(cell))),
      categories,
    };
  }
  const numbers = cells.map((cell) => (cell === null ? Number.NaN : Number(cell)));
  return type === 'boolean'
    ? { name, type, values: Float32Array.from(numbers) }
    : { name, type: 'number', values: Float64Array.from(numbers) };
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
