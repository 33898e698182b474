/**
 * The dual of epsilon-insensitive support vector regression, solved as in LIBSVM (Chang & Lin, 2011, section
 * 4): by sequential minimal optimization with second-order working set selection (Fan, Chen & Lin, 2005).
 */

export interface RegressionDual {
  readonly targets: ArrayLike<number>;
  /** Returns row i of the kernel matrix, whose diagonal must be 1. */
  readonly kernel: (row: number) => ArrayLike<number>;
  /** Largest coefficient, C. */
  readonly cost: number;
  /** Errors up to this size cost nothing. */
  readonly epsilon: number;
  /** Largest violation of the optimality conditions at which iteration stops. */
  readonly tolerance: number;
}

/**
 * Prediction = intercept + the sum of coefficients times kernel values; rows with coefficient 0 are not
 * support vectors.
 */
export interface RegressionSolution {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** Replaces a curvature that rounding made 0 or negative. */
const LEAST_CURVATURE = 1e-12;

/**
 * Minimises v'Kv / 2 + g'v over 2n variables that add up to 0: v[i] in [0, C] pulls the prediction of row i
 * up, and v[n + i] in [-C, 0] pulls it down. The coefficient of row i is v[i] + v[n + i].
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
    // Sets the bound exactly, since rounding could stop just short of it.
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

/** Returns the variable that may rise and has the smallest gradient. */
function steepest(gradient: Float64Array, canRise: (t: number) => boolean): number {
  let best = -1;
  for (let t = 0; t < gradient.length; t++) {
    if (canRise(t) && (best < 0 || gradient[t]! <= gradient[best]!)) best = t;
  }
  return best;
}

/**
 * Returns the variable to lower, for the largest gain of the pair, and the violation of the optimality
 * conditions.
 */
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

/** Curvature along raising one variable and lowering another: K_ii + K_jj - 2 K_ij, given K_ij. */
function curvature(between: number): number {
  return Math.max(2 - 2 * between, LEAST_CURVATURE);
}

/**
 * Minus the mean gradient of the variables off their bounds or, if there are none, the middle of the feasible
 * range.
 */
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
