/** Starting values of weights. */
import type { Random } from '../../shared/random.ts';
import { sizeOf } from '../graph/value.ts';

/** Uniform in +-sqrt(6 / (fanIn + fanOut)) (Glorot & Bengio, 2010, eq. 16). */
export function glorotUniform(fanIn: number, fanOut: number, source: Random): Float32Array {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return Float32Array.from({ length: fanIn * fanOut }, () => (2 * source.uniform() - 1) * limit);
}

/** Uniform in +-sqrt(6 / fanIn), for layers before a ReLU (He et al., 2015, eq. 10). */
export function heUniform(fanIn: number, shape: readonly number[], source: Random): Float32Array {
  const limit = Math.sqrt(6 / fanIn);
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * source.uniform() - 1) * limit);
}
