/** Whether a model has learnt these rows, or reconstructs anything: its error on rows that are none. */
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import { fillNoise } from '../../engines/noise.ts';
import { rocAuc } from '../../estimators/scores.ts';

/** Uniform noise in place of every value, in the range that the feature has in the training rows; what is missing stays so. */
export function noiseRows(
  { data: rows, rowCount, width }: Matrix,
  { min, max }: ColumnStatistics,
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

/** The chance that one of the impostors' errors is larger than one of the rows' own. */
export function impostorAuc(own: Float32Array, impostors: Float32Array): number {
  const classes = new Uint8Array(own.length + impostors.length).fill(1, own.length);
  return rocAuc([...own, ...impostors], classes);
}
