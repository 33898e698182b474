/** Values that a regression on the other columns tells almost exactly, as it does those that one gave. */
import { quantile } from '../../shared/quantile.ts';
import type { Regression } from './regression.ts';

/**
 * A value is predicted exactly if it is off by at most this part of the usual error: regressions on other rows differ by
 * about as much. The usual error is the upper quartile, which a few values that are far out do not move, nor many that a
 * regression gave.
 */
const TOLD = 0.125;
const ERROR_QUANTILE = 0.75;
/** Steps of a grid that it is at least: of fewer, the place of the grid decides. */
const STEPS_TOLD = 4;
/** Standard errors from which on two halves of the rows differ by more than chance. */
const APART = 4;
/** Share of the rows that a half has at least: of equal values, all are in the same one. */
const LEAST_HALF = 0.2;

/**
 * Returns the share of the values of a column that are predicted almost exactly, less the share that is just missed, by
 * up to twice as much. Where it is not the same in both halves of another column, a curve is the reason, such as that of
 * a product of two columns, which is a line where one of these is 1: then the lesser of both counts, as values that a
 * regression gave are in both.
 * @param ofValues Regression of the columns of numbers, as they are.
 * @param ofRanks Regression of ranks, which the halves are taken by.
 * @param present Rows with a value.
 * @returns Undefined for columns on a grid that is coarse compared with the errors.
 */
export function toldExactly(
  name: string,
  ofValues: Regression | undefined,
  ofRanks: Regression,
  present: Uint32Array,
): number | undefined {
  const column = ofValues?.columns.find((each) => each.column === name);
  if (column === undefined) return undefined;
  const own = column.variables[0]!;
  const left = ofValues!.residuals(column, own);
  const errors = Float64Array.from(present, (row) => Math.abs(left[row]!));
  const within = TOLD * quantile(errors.toSorted(), ERROR_QUANTILE);
  if (within < STEPS_TOLD * gridOf(Float64Array.from(present, (row) => own.standard[row]!).sort()))
    return undefined;
  const marks = errors.map((error) => 2 * Number(error <= within) - Number(error <= 2 * within));
  const halves = ofRanks.columns.flatMap(({ variables: [first] }) =>
    first!.category === undefined && first!.column !== name ? [halvesOf(first!.values, present, marks)] : [],
  );
  const lesser = halves.flatMap(([low, high]) => {
    if (Math.min(low.count, high.count) < LEAST_HALF * present.length) return [];
    const error = Math.sqrt(low.variance / low.count + high.variance / high.count);
    return Math.abs(low.mean - high.mean) > APART * error ? [Math.min(low.mean, high.mean)] : [];
  });
  return Math.min(meanOf(marks).mean, ...lesser);
}

/** The marks of the rows in the lower and in the upper half of these ranks. */
function halvesOf(ranks: Float64Array, rows: Uint32Array, marks: Float64Array) {
  const middle = meanOf(ranks.filter((rank) => !Number.isNaN(rank))).mean;
  return [
    meanOf(marks.filter((_, i) => ranks[rows[i]!]! < middle)),
    meanOf(marks.filter((_, i) => ranks[rows[i]!]! >= middle)),
  ] as const;
}

function meanOf(values: Float64Array) {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { count: values.length, mean, variance: squares / values.length - mean ** 2 };
}

/** The mean step between different values of the middle half; 0 if more than half of these occur once. */
function gridOf(ascending: Float64Array): number {
  const middle = ascending.subarray(ascending.length >> 2, 1 + ((3 * ascending.length) >> 2));
  const steps = middle.filter((value, i) => i > 0 && value > middle[i - 1]!).length;
  return steps > middle.length / 2 ? 0 : (middle.at(-1)! - middle[0]!) / Math.max(1, steps);
}
