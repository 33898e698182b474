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

/**
 * Rows that are orthonormal, or columns where there are fewer of those: the norm of what they multiply is kept (Saxe et
 * al., 2014). Row-major `[rows, columns]`, by Gram-Schmidt from normal numbers.
 */
export function orthogonal(rows: number, columns: number, source: Random): Float32Array {
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => normal(source));
    for (const other of basis) {
      const share = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i]! -= share * other[i]!;
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return rows <= columns ? basis[row]![column]! : basis[column]![row]!;
  });
}

/** Standard normal (Box & Muller, 1958). */
function normal(source: Random): number {
  return Math.sqrt(-2 * Math.log(1 - source.uniform())) * Math.cos(2 * Math.PI * source.uniform());
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
