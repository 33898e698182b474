/** A correlation, and how much it would vary in other rows. */

export interface Correlated {
  /** NaN if one of the variables does not vary. */
  readonly correlation: number;
  /** Rows that have both values. */
  readonly count: number;
  /** Variance of the correlation, times the rows. */
  readonly variance: number;
}

/** A variable as all of its correlations take it. */
export interface Correlating {
  /** NaN is missing. */
  readonly values: Float64Array;
  /** Values of mean 0 and variance 1, and the sum of their fourth powers; undefined if some are missing, or all equal. */
  readonly standard?: { readonly values: Float64Array; readonly fourth: number };
}

/** Standardises a variable once, since most of its correlations are of all rows. */
export function correlating(values: Float64Array): Correlating {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const [mean, variance] = [sum / values.length, squares - sum ** 2 / values.length];
  // Not so either if a value is NaN.
  if (!varies(variance, squares)) return { values };
  const scale = Math.sqrt(variance / values.length);
  const standard = values.map((value) => (value - mean) / scale);
  return { values, standard: { values: standard, fourth: standard.reduce((all, x) => all + x ** 4, 0) } };
}

/**
 * Pearson's correlation of the rows that have both values. Its variance is that of its influence function (Devlin,
 * Gnanadesikan and Kettenring, 1975), which needs no distribution: numbers may vary more in a category than elsewhere,
 * or the more the larger another is. Of two categories, it is that of their phi coefficient.
 */
export function correlated(a: Correlating, b: Correlating): Correlated {
  return a.standard && b.standard ? ofAllRows(a.standard, b.standard) : ofCommonRows(a.values, b.values);
}

type Standard = NonNullable<Correlating['standard']>;

/** In one pass: the squares of the influence are sums of products of powers. */
function ofAllRows({ values: a, fourth: fourthA }: Standard, { values: b, fourth: fourthB }: Standard) {
  const count = a.length;
  let [products, squares, cubes] = [0, 0, 0];
  for (let row = 0; row < count; row++) {
    const [x, y] = [a[row]!, b[row]!];
    const product = x * y;
    products += product;
    squares += product * product;
    cubes += product * (x * x + y * y);
  }
  const correlation = products / count;
  const fourths = fourthA + 2 * squares + fourthB;
  const influence = squares - correlation * cubes + (correlation ** 2 / 4) * fourths;
  return { correlation, count, variance: Math.max(0, influence / count) };
}

function ofCommonRows(a: Float64Array, b: Float64Array): Correlated {
  let [count, sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row]!, b[row]!];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    count++;
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const [varianceA, varianceB] = [squaresA - sumA ** 2 / count, squaresB - sumB ** 2 / count];
  if (!varies(varianceA, squaresA) || !varies(varianceB, squaresB))
    return { correlation: Number.NaN, count, variance: Number.NaN };
  const correlation = (products - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB);
  const [scaleA, scaleB] = [varianceA, varianceB].map((each) => Math.sqrt(each / count));
  let influence = 0;
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [(a[row]! - sumA / count) / scaleA!, (b[row]! - sumB / count) / scaleB!];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    influence += (x * y - (correlation / 2) * (x * x + y * y)) ** 2;
  }
  return { correlation, count, variance: influence / count };
}

/** False for sums of squares that differ from 0 by rounding, and for NaN. */
function varies(variance: number, squares: number): boolean {
  return variance > 1e-9 * squares;
}
