/** Random codes, to be decoded into new rows. */
import { normals } from './normal.ts';
import type { Matrix } from './tensor.ts';

export interface SampleOptions {
  readonly count: number;
  readonly codeSize: number;
  /** An integer in [0, 2^32). */
  readonly seed: number;
  /**
   * Standard deviation of the codes: 1, the default, is the prior of a variational autoencoder; 0 gives its
   * mode.
   */
  readonly temperature?: number;
}

/**
 * Draws codes from a normal distribution around 0; with the same seed, a smaller count gives a prefix of a
 * larger one.
 */
export function sampleCodes({ count, codeSize, seed, temperature = 1 }: SampleOptions): Matrix {
  const data = normals(seed, 'sample', count * codeSize);
  for (let i = 0; i < data.length; i++) data[i]! *= temperature;
  return { data, rowCount: count, width: codeSize };
}
