import type { Random } from '../../../shared/random.ts';

/** Standard normals by the method of Box and Muller. */
export function normals(source: Random, count: number): number[] {
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - source.uniform()));
    return radius * Math.cos(2 * Math.PI * source.uniform());
  });
}
