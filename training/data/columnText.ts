/** Values of columns as text. */
import { type Column, isMissing } from './table.ts';

/** Returns the values as text: numbers in decimal, dates as in ISO 8601; undefined is missing. */
export function textsOf(column: Column): (string | undefined)[] {
  const textAt = (row: number): string => {
    if (column.type === 'category') return column.categories[column.codes[row]!]!;
    if (column.type !== 'date') return String(column.values[row]);
    return new Date(column.values[row]!).toISOString().replace('T00:00:00.000Z', '');
  };
  const { length } = column.type === 'category' ? column.codes : column.values;
  return Array.from({ length }, (_, row) => (isMissing(column, row) ? undefined : textAt(row)));
}
