/** Orthogonal initial weights. */
import { normals } from '../../shared/normal.ts';
import type { Variable } from '../graph/types.ts';
import { variable } from '../graph/value.ts';

/**
 * Creates a weight `[rows, columns]` with orthonormal rows, or orthonormal columns if there are fewer
 * columns, which preserves norms (Saxe et al., 2014). Gram-Schmidt, from normals of the weight's own stream
 * of random numbers.
 */
export function orthogonalWeight(
  name: string,
  [rows, columns]: readonly [number, number],
  seed: number,
): Variable {
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const drawn = normals(seed, name, count * length);
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from(drawn.subarray(basis.length * length, (basis.length + 1) * length));
    for (const other of basis) {
      const share = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i]! -= share * other[i]!;
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  const initial = Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return rows <= columns ? basis[row]![column]! : basis[column]![row]!;
  });
  return variable(name, [rows, columns], initial);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
