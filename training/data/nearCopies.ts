/** Rows that are almost copies of others: copies with noise, or with values that were rounded again. */
import { quantile } from '../../shared/quantile.ts';
import type { ColumnProfile } from './columnProfile.ts';
import { hashTable, type RowHashes } from './rowHashes.ts';
import type { Column, NumberColumn } from './table.ts';

/** Steps that the interquartile range of a column is divided into. */
const STEPS = 50;
/** With fewer columns of numbers, different rows agree by chance. */
const LEAST_NUMBERS = 4;

/**
 * Hashes rows by their rounded numbers and their categories: of almost equal rows, most have the same hash. Times
 * are left out. Undefined for tables with few columns of numbers.
 */
export function nearHashes(
  columns: readonly Column[],
  profiles: readonly ColumnProfile[],
  rowCount: number,
): RowHashes | undefined {
  if (columns.filter(({ type }) => type === 'number').length < LEAST_NUMBERS) return undefined;
  const rounded = columns.flatMap((column, i): Column[] => {
    if (column.type === 'date') return [];
    return [column.type === 'number' ? roundedTo(column, spreadOf(profiles[i]!) / STEPS) : column];
  });
  return hashTable({ rowCount, columns: rounded });
}

function spreadOf({ quantiles }: ColumnProfile): number {
  return quantiles === undefined ? 0 : quantile(quantiles, 0.75) - quantile(quantiles, 0.25);
}

/** Counts steps; a column of which half is one value keeps its values. */
function roundedTo(column: NumberColumn, step: number): NumberColumn {
  if (step === 0) return column;
  // `+ 0` turns -0 into 0, whose bits are others.
  const values = new Float64Array(column.values.length);
  for (let row = 0; row < values.length; row++) values[row] = Math.round(column.values[row]! / step) + 0;
  return { ...column, values };
}
