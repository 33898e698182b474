/** Starting values of weights. */
import type { Random } from '../../shared/random.ts';

/** Uniform in +-sqrt(6 / (fanIn + fanOut)) (Glorot & Bengio, 2010, eq. 16). */
export function glorotUniform(fanIn: number, fanOut: number, source: Random): Float32Array {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return Float32Array.from({ length: fanIn * fanOut }, () => (2 * source.uniform() - 1) * limit);
}
