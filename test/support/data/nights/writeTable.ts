/** Writing tables to CSV files, as they arrive every night. */
import { writeFileSync } from 'node:fs';
import type { Table } from '../../../../training/data/table.ts';

/** Returns the path. */
export function writeTable(path: string, { columns, rowCount }: Table): string {
  const textOf = columns.map((column) => {
    if (column.type === 'category') return (row: number) => column.categories[column.codes[row]!]!;
    if (column.type === 'date') return (row: number) => new Date(column.values[row]!).toISOString();
    return (row: number) => String(column.values[row]!);
  });
  const lines = Array.from({ length: rowCount }, (_, row) => textOf.map((of) => of(row)).join(','));
  writeFileSync(path, `${columns.map(({ name }) => name).join(',')}\n${lines.join('\n')}\n`);
  return path;
}
