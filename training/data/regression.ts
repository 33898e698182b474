/** The linear regression of each column on all others, of one matrix for all of them. */
import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';

/** A column in figures, or a part of one. */
export interface Variable {
  readonly column: string;
  /** Set for one category of a column. */
  readonly category?: string | undefined;
  /** Set for distances from the middle of a column, which show relations that rise and fall again. */
  readonly spread?: true | undefined;
  /** Set for a coordinate of the hours of the day. */
  readonly hour?: 'sine' | 'cosine' | undefined;
  /** For hours: 0 if they cover the day evenly, 1 if all are equal. */
  readonly crowded?: number | undefined;
  /** NaN is missing. */
  readonly values: Float64Array;
  /** Share of the values that are not the most frequent one. */
  readonly varied: number;
  /** Count of distinct values. */
  readonly distinct: number;
}

export interface Regressed {
  readonly column: string;
  /** The variables of the column. */
  readonly variables: readonly Standard[];
  /** Their covariance, given all other columns; their own variance is 1. */
  readonly unexplained: Matrix;
}

export interface Standard extends Variable {
  /** Its place among the variables that were given. */
  readonly place: number;
  /** Values of mean 0 and variance 1, missing ones at 0. */
  readonly standard: Float64Array;
  /** Variance of the values. */
  readonly variance: number;
  /** Share of the rows with a value. */
  readonly present: number;
}

export interface Regression {
  readonly rows: number;
  /** Rows less what was fitted to them. */
  readonly freedom: number;
  readonly columns: readonly Regressed[];
  /** Differences of a variable of a column from what the other columns tell, in its standard deviations. */
  readonly residuals: (column: Regressed, of: Standard) => Float64Array;
}

/** Keeps columns that follow from others exactly from making the matrix singular. */
export const RIDGE = 0.001;
/** Does so, too, and moves nothing by more than a thousandth of it. */
export const LEAST_RIDGE = 1e-6;
/** Rows per variable: with fewer, chance explains too much. */
const ROWS_PER_VARIABLE = 5;

/**
 * Regresses each column on the variables of all others; undefined for few rows, and for a single column.
 * @param ridge Added to the variance of each variable.
 */
export function regression(variables: readonly Variable[], ridge = RIDGE): Regression | undefined {
  const rows = variables[0]?.values.length ?? 0;
  const known = variables.flatMap((each, place): Standard[] => {
    const standard = standardized(each.values);
    return standard === undefined ? [] : [{ ...each, ...standard, place }];
  });
  if (known.length < 2 || rows < ROWS_PER_VARIABLE * known.length) return undefined;
  const covariance = covarianceOf(
    known.map(({ standard }) => standard),
    ridge,
  );
  const precision = new CholeskyDecomposition(covariance).solve(Matrix.eye(known.length));
  const placesOf = new Map<string, number[]>();
  for (const [i, { column }] of known.entries()) placesOf.set(column, [...(placesOf.get(column) ?? []), i]);
  const columns = [...placesOf].map(([column, places]) => ({
    ...{ column, variables: places.map((i) => known[i]!) },
    // The inverse of a part of the precision is the covariance of that part, given all others.
    unexplained: inverse(precision.selection(places, places)),
  }));
  return {
    ...{ rows, freedom: rows - known.length - 1, columns },
    residuals: ({ column, variables: own, unexplained }, of) => {
      const places = placesOf.get(column)!;
      const conditional = Matrix.rowVector(unexplained.getRow(own.indexOf(of)));
      const weights = conditional.mmul(precision.subMatrixRow(places)).to1DArray();
      const values = weightedSum(known, weights, rows);
      return values.map((value, row) => (Number.isNaN(of.values[row]!) ? Number.NaN : value));
    },
  };
}

function weightedSum(known: readonly Standard[], weights: readonly number[], rows: number): Float64Array {
  const sums = new Float64Array(rows);
  for (const [i, { standard }] of known.entries())
    for (let row = 0; row < rows; row++) sums[row]! += weights[i]! * standard[row]!;
  return sums;
}

/** Values of mean 0 and variance 1, missing ones at 0; undefined if they do not vary. */
function standardized(values: Float64Array): Pick<Standard, 'standard' | 'variance' | 'present'> | undefined {
  let [count, sum, squares] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  const variance = squares / count - mean ** 2;
  if (count === 0 || variance <= 1e-9 * (squares / count)) return undefined;
  const present = count / values.length;
  const scale = 1 / Math.sqrt(variance * present);
  const standard = values.map((value) => (Number.isNaN(value) ? 0 : (value - mean) * scale));
  return { standard, variance, present };
}

function covarianceOf(columns: readonly Float64Array[], ridge: number): Matrix {
  const rows = columns[0]!.length;
  const covariance = Matrix.zeros(columns.length, columns.length);
  for (const [i, a] of columns.entries())
    for (let j = 0; j <= i; j++) {
      const b = columns[j]!;
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += a[row]! * b[row]!;
      covariance.set(i, j, sum / rows + (i === j ? ridge : 0));
      covariance.set(j, i, covariance.get(i, j));
    }
  return covariance;
}
