/**
 * Impostor rows: rows that resemble the data in each column but not as a whole. A model that has learnt the
 * data reconstructs them badly; one that merely copies its input reconstructs them as well as any row.
 */
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import { fillNoise } from '../../engines/noise.ts';
import { rocAuc } from '../../estimators/scores.ts';

/** Names of the random streams. Renaming one would change every evaluation. */
export const NOISE_STREAM = 'specificity/noise';
export const SHUFFLE_STREAM = 'specificity/shuffled';

/**
 * Replaces each value by uniform noise in the range of the feature over the training rows; missing values
 * stay missing.
 */
export function noiseRows(
  { data: rows, rowCount, width }: Matrix,
  { min, max }: ColumnStatistics,
  seed: number,
): Matrix {
  const data = new Float32Array(rowCount * width);
  fillNoise(data, 'uniform', { seed, stream: NOISE_STREAM, step: 0 });
  for (let i = 0; i < data.length; i++) {
    const column = i % width;
    const noise = min[column]! + (max[column]! - min[column]!) * data[i]!;
    data[i] = Number.isNaN(rows[i]) ? Number.NaN : noise;
  }
  return { data, rowCount, width };
}

/**
 * Rotates each column by a random number of rows: columns keep their distributions but are no longer related.
 */
export function shuffledRows({ data, rowCount, width }: Matrix, seed: number): Matrix {
  const source = random(seed, SHUFFLE_STREAM);
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
 * Area under the ROC curve: the probability that an impostor row has a larger error than one of the rows,
 * `own`.
 */
export function impostorAuc(own: Float32Array, impostors: Float32Array): number {
  const classes = new Uint8Array(own.length + impostors.length).fill(1, own.length);
  return rocAuc([...own, ...impostors], classes);
}
