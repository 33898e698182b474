/**
 * The dual of epsilon-insensitive support vector regression, by sequential minimal optimization with second-order choice of
 * the pair (Fan, Chen & Lin, 2005), as LIBSVM solves it (Chang & Lin, 2011, section 4).
 */

export interface RegressionDual {
  readonly targets: ArrayLike<number>;
  /** Row i of the kernel matrix, whose diagonal is 1. */
  readonly kernel: (row: number) => ArrayLike<number>;
  /** Largest coefficient, C. */
  readonly cost: number;
  /** Errors up to this cost nothing. */
  readonly epsilon: number;
  /** By how much the optimality conditions may be violated. */
  readonly tolerance: number;
}

/** Prediction = intercept + the sum of each row's kernel value times its coefficient; 0 for what is no support vector. */
export interface RegressionSolution {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** In place of a curvature that rounding made 0 or negative. */
const LEAST_CURVATURE = 1e-12;

/**
 * Minimises v'Kv / 2 + g'v over 2n variables that add up to 0: v[i] in [0, C] pulls the prediction of row i up, and
 * v[n + i] in [-C, 0] down; the coefficient of row i is the sum of its two.
 */
export function solveRegression(dual: RegressionDual): RegressionSolution {
  const { targets, kernel, cost, tolerance } = dual;
  const n = targets.length;
  const variables = new Float64Array(2 * n);
  const gradient = Float64Array.from({ length: 2 * n }, (_, t) =>
    t < n ? dual.epsilon - targets[t]! : -dual.epsilon - targets[t - n]!,
  );
  const canRise = (t: number) => variables[t]! < (t < n ? cost : 0);
  const canFall = (t: number) => variables[t]! > (t < n ? 0 : -cost);

  for (;;) {
    const rising = steepest(gradient, canRise);
    const row = kernel(rising % n);
    const { falling, violation } = partner(rising, gradient, canFall, row);
    if (falling < 0 || violation < tolerance) break;
    const other = kernel(falling % n);
    const highest = rising < n ? cost : 0;
    const lowest = falling < n ? 0 : -cost;
    const room = Math.min(highest - variables[rising]!, variables[falling]! - lowest);
    const best = (gradient[falling]! - gradient[rising]!) / curvature(row[falling % n]!);
    const step = Math.min(best, room);
    // Exactly at the bound, where rounding might stop just before it.
    variables[rising] = step < highest - variables[rising]! ? variables[rising]! + step : highest;
    variables[falling] = step < variables[falling]! - lowest ? variables[falling]! - step : lowest;
    for (let i = 0; i < n; i++) {
      const change = step * (row[i]! - other[i]!);
      gradient[i]! += change;
      gradient[n + i]! += change;
    }
  }
  return {
    coefficients: Float64Array.from({ length: n }, (_, i) => variables[i]! + variables[n + i]!),
    intercept: interceptOf(gradient, canRise, canFall),
  };
}

/** The variable that gains most, at first, by rising. */
function steepest(gradient: Float64Array, canRise: (t: number) => boolean): number {
  let best = -1;
  for (let t = 0; t < gradient.length; t++) {
    if (canRise(t) && (best < 0 || gradient[t]! <= gradient[best]!)) best = t;
  }
  return best;
}

/** The variable to fall by as much, so that the pair gains most; and how far the conditions are violated. */
function partner(
  rising: number,
  gradient: Float64Array,
  canFall: (t: number) => boolean,
  row: ArrayLike<number>,
): { falling: number; violation: number } {
  let [falling, most, highest] = [-1, 0, Number.NEGATIVE_INFINITY];
  for (let t = 0; t < gradient.length; t++) {
    if (!canFall(t)) continue;
    highest = Math.max(highest, gradient[t]!);
    const slope = gradient[t]! - gradient[rising]!;
    if (slope <= 0) continue;
    const gain = slope ** 2 / curvature(row[t % row.length]!);
    if (gain >= most) [falling, most] = [t, gain];
  }
  return { falling, violation: highest - gradient[rising]! };
}

/** Along one variable up and another down, whose kernel value is given: K_ii + K_jj - 2 K_ij. */
function curvature(between: number): number {
  return Math.max(2 - 2 * between, LEAST_CURVATURE);
}

/** Less the gradient, which is the same at every variable that is not at a bound; else the middle of what is possible. */
function interceptOf(
  gradient: Float64Array,
  canRise: (t: number) => boolean,
  canFall: (t: number) => boolean,
): number {
  let [sum, free] = [0, 0];
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  gradient.forEach((value, t) => {
    if (canRise(t) && canFall(t)) {
      sum += value;
      free++;
    } else if (canRise(t)) most = Math.min(most, value);
    else least = Math.max(least, value);
  });
  return free > 0 ? -sum / free : -(least + most) / 2;
}
