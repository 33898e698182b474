/** How far the values of a column are at most from what the other columns of numbers tell. */
import { quantile } from '../../shared/quantile.ts';
import { LEAST_RIDGE, type Regression, regression, type Variable } from './regression.ts';

/** Shares of the rows beyond each of the residuals that are kept. */
export const OUTER = [0, 0.001, 0.002, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1] as const;

/** Share of the values on each side of those that tell how wide a column is. */
const SIDE = 0.05;

/**
 * Regresses columns of numbers on one another, values far out taken for less: a single one that is a thousand times as large
 * as all others would move what is told of every row.
 */
export function clippedRegression(numbers: readonly Variable[]): Regression | undefined {
  return regression(
    numbers.flatMap((each) => {
      const values = clipped(each.values);
      return values === undefined ? [] : [{ ...each, values }];
    }),
    LEAST_RIDGE,
  );
}

/** To as far again beyond the middle nine tenths as these are wide; undefined for columns that are nearly all one value. */
function clipped(values: Float64Array): Float64Array | undefined {
  const ascending = values.filter((value) => !Number.isNaN(value)).sort();
  if (ascending.length === 0) return undefined;
  const [low, high] = [quantile(ascending, SIDE), quantile(ascending, 1 - SIDE)];
  const width = high - low;
  return width === 0
    ? undefined
    : values.map((value) => Math.min(high + width, Math.max(low - width, value)));
}

/**
 * Returns the lowest residuals of a column and the highest ones, those that these shares of the rows are beyond, in the units
 * of the column; undefined if it is not regressed.
 * @param ofClipped Tells what each value should be.
 * @param values The column as it is.
 * @param rows Those that have a value.
 */
export function outerResiduals(
  name: string,
  ofClipped: Regression | undefined,
  values: Float64Array,
  rows: Uint32Array,
): { low: number[]; high: number[] } | undefined {
  const column = ofClipped?.columns.find((each) => each.column === name);
  if (column === undefined || rows.length === 0) return undefined;
  const own = column.variables[0]!;
  const left = ofClipped!.residuals(column, own);
  const unit = Math.sqrt(own.variance * own.present);
  const ascending = Float64Array.from(rows, (row) => {
    const told = own.values[row]! - unit * left[row]!;
    return values[row]! - told;
  }).sort();
  const at = (share: number) => Number(quantile(ascending, share).toPrecision(5));
  return { low: OUTER.map(at), high: OUTER.map((share) => at(1 - share)) };
}
