/** Codes to decode into new rows. */
import { normals } from './normal.ts';
import type { Matrix } from './tensor.ts';

export interface SampleOptions {
  readonly count: number;
  readonly codeSize: number;
  /** An integer in [0, 2^32). */
  readonly seed: number;
  /** Standard deviation: 1, the default, is the prior of a variational autoencoder; 0 gives its most likely code. */
  readonly temperature?: number;
}

/** Codes drawn from a normal distribution around 0; the first of many are those of few with the same seed. */
export function sampleCodes({ count, codeSize, seed, temperature = 1 }: SampleOptions): Matrix {
  const data = normals(seed, 'sample', count * codeSize);
  for (let i = 0; i < data.length; i++) data[i]! *= temperature;
  return { data, rowCount: count, width: codeSize };
}
