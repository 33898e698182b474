/** Whether a model has learnt these rows, or reconstructs anything: its error on rows that are none. */
import type { FeatureStatistics } from '../../shared/manifest.ts';
import { random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { fillNoise } from '../noise.ts';

/** Uniform noise in place of every value, in the range that the feature has in the training rows; what is missing stays so. */
export function noiseRows(
  { data: rows, rowCount, width }: Matrix,
  { min, max }: FeatureStatistics,
  seed: number,
): Matrix {
  const data = new Float32Array(rowCount * width);
  fillNoise(data, 'uniform', { seed, stream: 'specificity/noise', step: 0 });
  for (let i = 0; i < data.length; i++) {
    const column = i % width;
    const noise = min[column]! + (max[column]! - min[column]!) * data[i]!;
    data[i] = Number.isNaN(rows[i]) ? Number.NaN : noise;
  }
  return { data, rowCount, width };
}

/**
 * The same values in the same columns, each column moved down by a number of rows of its own: the columns keep their
 * distributions and lose what they have to do with each other.
 */
export function shuffledRows({ data, rowCount, width }: Matrix, seed: number): Matrix {
  const source = random(seed, 'specificity/shuffled');
  const by = Uint32Array.from({ length: width }, () => source.integer(rowCount));
  const shuffled = new Float32Array(data.length);
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row + by[column]!) % rowCount;
      shuffled[row * width + column] = data[from * width + column]!;
    }
  }
  return { data: shuffled, rowCount, width };
}

/**
 * The area under the ROC curve: the probability that one of `positives` is larger than one of `negatives`, where equal
 * ones count half (Mann & Whitney, 1947).
 */
export function auroc(negatives: Float32Array, positives: Float32Array): number {
  const ascending = negatives.toSorted();
  const wins = positives.reduce(
    (sum, value) => sum + (below(ascending, value) + notAbove(ascending, value)) / 2,
    0,
  );
  return wins / (negatives.length * positives.length);
}

function below(ascending: Float32Array, value: number): number {
  return countWhile(ascending, (each) => each < value);
}

function notAbove(ascending: Float32Array, value: number): number {
  return countWhile(ascending, (each) => each <= value);
}

/** How many values there are before the first of which `holds` does not; by bisection. */
function countWhile(ascending: Float32Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
