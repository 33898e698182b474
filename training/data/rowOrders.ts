/** The orders in which rows may have been collected. */
import type { Column } from './table.ts';

export interface RowOrder {
  readonly name: string;
  /** Numbers of the rows, in this order; of times, those of the rows that have one. */
  readonly rows: Uint32Array;
}

/** The order of the rows, and those of times that are not in it. */
export function ordersOf(columns: readonly Column[], rowCount: number): RowOrder[] {
  const asTheyAre = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const byTime = columns.flatMap((column): RowOrder[] => {
    if (column.type !== 'date') return [];
    const { values, name } = column;
    const rows = asTheyAre
      .filter((row) => !Number.isNaN(values[row]!))
      .sort((a, b) => values[a]! - values[b]! || a - b);
    const isSorted = rows.every((row, i) => i === 0 || row > rows[i - 1]!);
    return isSorted ? [] : [{ name: `by ${name}`, rows }];
  });
  return [{ name: 'of the rows', rows: asTheyAre }, ...byTime];
}
