/** A correlation, and how much it would vary in other rows. */
import { BATCHES, batchOf, clusteredVariance, firstOf } from './clustering.ts';

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
  /**
   * Values of mean 0 and variance 1, the sum of their fourth powers, and those of the squares in each batch of rows;
   * undefined if some are missing, or all equal.
   */
  readonly standard?: {
    readonly values: Float64Array;
    readonly fourth: number;
    readonly squares: Float64Array;
  };
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
  const ofBatches = new Float64Array(BATCHES);
  for (let row = 0; row < standard.length; row++)
    ofBatches[batchOf(row, standard.length)]! += standard[row]! ** 2;
  const fourth = standard.reduce((all, x) => all + x ** 4, 0);
  return { values, standard: { values: standard, fourth, squares: ofBatches } };
}

/**
 * Pearson's correlation of the rows that have both values. Its variance is that of its influence function (Devlin,
 * Gnanadesikan and Kettenring, 1975), which needs no distribution: numbers may vary more in a category than elsewhere,
 * or the more the larger another is. Of two categories, it is that of their phi coefficient. Where rows next to one another
 * are alike, it is larger.
 */
export function correlated(a: Correlating, b: Correlating): Correlated {
  return a.standard && b.standard ? ofAllRows(a.standard, b.standard) : ofCommonRows(a.values, b.values);
}

type Standard = NonNullable<Correlating['standard']>;

/** In one pass: the squares of the influence are sums of products of powers. */
function ofAllRows(one: Standard, other: Standard) {
  const [a, b] = [one.values, other.values];
  const count = a.length;
  const ofBatches = new Float64Array(BATCHES);
  let [squares, cubes] = [0, 0];
  for (let batch = 0; batch < BATCHES; batch++) {
    const [from, to] = [firstOf(batch, count), firstOf(batch + 1, count)];
    let products = 0;
    for (let row = from; row < to; row++) {
      const [x, y] = [a[row]!, b[row]!];
      const product = x * y;
      products += product;
      squares += product * product;
      cubes += product * (x * x + y * y);
    }
    ofBatches[batch] = products;
  }
  const correlation = ofBatches.reduce((sum, each) => sum + each, 0) / count;
  const fourths = one.fourth + 2 * squares + other.fourth;
  const influence = squares - correlation * cubes + (correlation ** 2 / 4) * fourths;
  const means = ofBatches.map((products, batch) => {
    const rows = firstOf(batch + 1, count) - firstOf(batch, count);
    return (products - (correlation / 2) * (one.squares[batch]! + other.squares[batch]!)) / rows;
  });
  return { correlation, count, variance: clusteredVariance(means, Math.max(0, influence / count), count) };
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
  const sums = new Float64Array(BATCHES);
  let [influence, place] = [0, 0];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [(a[row]! - sumA / count) / scaleA!, (b[row]! - sumB / count) / scaleB!];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const each = x * y - (correlation / 2) * (x * x + y * y);
    influence += each ** 2;
    sums[batchOf(place++, count)]! += each;
  }
  const means = sums.map((sum, batch) => sum / (firstOf(batch + 1, count) - firstOf(batch, count)));
  return { correlation, count, variance: clusteredVariance(means, influence / count, count) };
}

/** False for sums of squares that differ from 0 by rounding, and for NaN. */
function varies(variance: number, squares: number): boolean {
  return variance > 1e-9 * squares;
}
