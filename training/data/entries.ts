/** Access to single values of rows, dense or sparse. */
import { isSparse, type Rows } from '../../shared/tensor.ts';
import { type AnyRows, isView } from './batches.ts';

export interface LocatedValue {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** Returns the first value that `matches`, or undefined; of sparse rows, only stored values are tested. */
export function firstWhere(
  rows: Rows,
  matches: (value: number, column: number) => boolean,
): LocatedValue | undefined {
  if (!isSparse(rows)) {
    const { data, rowCount, width } = rows;
    for (let row = 0, at = 0; row < rowCount; row++) {
      for (let column = 0; column < width; column++, at++) {
        if (matches(data[at]!, column)) return { row, column, value: data[at]! };
      }
    }
    return undefined;
  }
  const { columns, values } = rows;
  const valueAt = (i: number) => values?.[i] ?? 1;
  const at = columns.findIndex((column, i) => matches(valueAt(i), column));
  if (at < 0) return undefined;
  const row = rows.rowStarts.findLastIndex((start) => start <= at);
  return { row, column: columns[at]!, value: valueAt(at) };
}

/** Returns the columns of a row's nonzero values, in ascending order. */
export function columnsOf(rows: AnyRows, row: number): number[] {
  if (isView(rows)) return columnsOf(rows.of, rows.indices[row]!);
  const { width } = rows;
  if (isSparse(rows)) {
    const [from, to] = [rows.rowStarts[row]!, rows.rowStarts[row + 1]!];
    return Array.from(rows.columns.subarray(from, to)).filter((_, i) => rows.values?.[from + i] !== 0);
  }
  const found: number[] = [];
  rows.data.subarray(row * width, (row + 1) * width).forEach((value, column) => {
    if (value !== 0) found.push(column);
  });
  return found;
}
