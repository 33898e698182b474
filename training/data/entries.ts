/** Looking for values in rows of either form. */
import { isSparse, type Rows } from '../../shared/tensor.ts';

export interface Entry {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** The first value for which `matches` holds; of sparse rows, among those that are stored. */
export function firstWhere(rows: Rows, matches: (value: number) => boolean): Entry | undefined {
  if (!isSparse(rows)) {
    const at = rows.data.findIndex(matches);
    if (at < 0) return undefined;
    return { row: Math.floor(at / rows.width), column: at % rows.width, value: rows.data[at]! };
  }
  const values = rows.values ?? (rows.columns.length === 0 ? new Float32Array() : Float32Array.of(1));
  const at = values.findIndex(matches);
  if (at < 0) return undefined;
  const row = rows.rowStarts.findLastIndex((start) => start <= at);
  return { row, column: rows.columns[at]!, value: values[at]! };
}
