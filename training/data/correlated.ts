/** A correlation, and how much it would vary in other rows. */

export interface Correlated {
  /** NaN if one of the variables does not vary. */
  readonly correlation: number;
  /** Rows that have both values. */
  readonly count: number;
  /** Variance of the correlation, times the rows. */
  readonly variance: number;
}

/**
 * Pearson's correlation of the rows that have both values. Its variance is that of its influence function (Devlin,
 * Gnanadesikan and Kettenring, 1975), which needs no distribution: numbers may vary more in a category than elsewhere,
 * or the more the larger another is. Of two categories, it is that of their phi coefficient.
 */
export function correlated(a: Float64Array, b: Float64Array): Correlated {
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
  const varies = varianceA > 1e-9 * squaresA && varianceB > 1e-9 * squaresB;
  if (!varies) return { correlation: Number.NaN, count, variance: Number.NaN };
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
