/** How far the values of a column are at most from what the other columns of numbers tell. */
import { quantile } from '../../shared/quantile.ts';
import type { Regression } from './regression.ts';

/** Shares of the rows beyond each of the residuals that are kept. */
export const OUTER = [0, 0.001, 0.002, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1] as const;

/**
 * Returns the lowest residuals of a column and the highest ones, those that these shares of the rows are beyond, in the units
 * of the column; undefined if it is not regressed.
 * @param rows Those that have a value.
 */
export function outerResiduals(
  name: string,
  ofValues: Regression | undefined,
  rows: Uint32Array,
): { low: number[]; high: number[] } | undefined {
  const column = ofValues?.columns.find((each) => each.column === name);
  if (column === undefined || rows.length === 0) return undefined;
  const own = column.variables[0]!;
  const left = ofValues!.residuals(column, own);
  const unit = Math.sqrt(own.variance * own.present);
  const ascending = Float64Array.from(rows, (row) => unit * left[row]!).sort();
  const at = (share: number) => Number(quantile(ascending, share).toPrecision(5));
  return { low: OUTER.map(at), high: OUTER.map((share) => at(1 - share)) };
}
