/** Data sets from rows in memory. */
import { InputError } from '../../shared/errors.ts';
import { type Matrix, packRows, RowError } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';

export interface RowsOptions {
  /**
   * Treatment of null and NaN: refused (`error`, the default) or kept as missing values (`mask`; see the
   * setting `missing`).
   */
  readonly missing?: 'error' | 'mask';
}

type NullableRows = readonly (readonly (number | null)[])[];

/**
 * Returns a data set from arrays of numbers, one array of equal length per row.
 * @throws {InputError} if there are no rows or, naming the row, if its length differs or a value is not a
 * finite number.
 */
export function fromRows(
  rows: NullableRows,
  featureNames?: readonly string[],
  { missing = 'error' }: RowsOptions = {},
): Dataset {
  const width = rows[0]?.length ?? 0;
  if (width === 0)
    throw new InputError('rows: expected at least one row with at least one number, received none');
  if (featureNames !== undefined && featureNames.length !== width) {
    throw new InputError(
      `rows: expected ${width} feature names, one per column, received ${featureNames.length}`,
    );
  }
  return {
    source: 'rows in memory',
    rowShape: [width],
    featureNames: featureNames ?? null,
    rows: pack(rows, width, missing === 'mask'),
  };
}

function pack(rows: NullableRows, width: number, missing: boolean): Matrix {
  try {
    return packRows(rows, width, missing);
  } catch (cause) {
    if (cause instanceof RowError) throw new InputError(`rows: ${cause.message}`, { cause });
    throw cause;
  }
}
