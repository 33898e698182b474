/** How much of each column the others explain: noise in one is seen here before any correlation of two shows it. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

export interface Explainable {
  readonly column: string;
  /** Set for one category of a column. */
  readonly category?: string | undefined;
  /** Set for distances from the middle of a column, which show relations that rise and fall again. */
  readonly spread?: true | undefined;
  /** NaN is missing. */
  readonly values: Float64Array;
  /** Share of the values that are not the most frequent one. */
  readonly varied: number;
}

/** Keeps columns that follow from others exactly from making the matrix singular. */
const RIDGE = 0.001;
/** Rows per variable: with fewer, chance explains too much. */
const ROWS_PER_VARIABLE = 5;

/**
 * Regresses each column of numbers on all variables of the other columns, and returns its place, the share of its
 * variance that these explain (adjusted for their number), and the standard error of that.
 */
export function explainedShares(
  variables: readonly Explainable[],
): [place: number, share: number, error: number][] {
  const rows = variables[0]?.values.length ?? 0;
  const known = variables.flatMap((each, place) => {
    const standard = standardized(each.values);
    return standard === undefined ? [] : [{ ...each, ...standard, place }];
  });
  const freedom = rows - known.length - 1;
  if (known.length < 2 || rows < ROWS_PER_VARIABLE * known.length) return [];
  const covariance = covarianceOf(known.map(({ standard }) => standard));
  const precision = new CholeskyDecomposition(covariance).solve(Matrix.eye(known.length));
  return known.flatMap(({ column, category, spread, varied, place, present }, i) => {
    if (category !== undefined || spread) return [];
    const own = known.findIndex((each) => each.column === column && each.spread);
    const left = Math.min(1, (unexplained(precision, i, own) * (rows - 1)) / freedom / (1 + RIDGE));
    // Missing values lie in the middle, where nothing explains them.
    const share = Math.min(1, (1 - left) / present);
    // Of a column that is mostly zero, the other values decide.
    const error = (2 * Math.sqrt(Math.max(0, 1 - left) / (varied * freedom)) * left) / present;
    const figures: [number, number, number] = [place, Number(share.toFixed(4)), Number(error.toFixed(4))];
    return [figures];
  });
}

/** Variance of a variable given all others but one, from the inverse of their covariance. */
function unexplained(precision: Matrix, i: number, without: number): number {
  const own = precision.get(i, i);
  if (without < 0) return 1 / own;
  const [both, other] = [precision.get(i, without), precision.get(without, without)];
  return other / (own * other - both ** 2);
}

/** Values of mean 0 and variance 1, missing ones at 0; undefined if they do not vary. */
function standardized(values: Float64Array): { standard: Float64Array; present: number } | undefined {
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
  return { standard: values.map((value) => (Number.isNaN(value) ? 0 : (value - mean) * scale)), present };
}

function covarianceOf(columns: readonly Float64Array[]): Matrix {
  const rows = columns[0]!.length;
  const covariance = Matrix.zeros(columns.length, columns.length);
  for (const [i, a] of columns.entries())
    for (let j = 0; j <= i; j++) {
      const b = columns[j]!;
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += a[row]! * b[row]!;
      covariance.set(i, j, sum / rows + (i === j ? RIDGE : 0));
      covariance.set(j, i, covariance.get(i, j));
    }
  return covariance;
}
