import { normalQuantile } from '../../../../shared/normal.ts';

/**
 * Returns the quantile of Student's t at `p` (Wallace, 1959): to within 2 % for 10 degrees of freedom or more, far out
 * as well.
 */
export function studentQuantile(p: number, freedom: number): number {
  const z = (normalQuantile(p) * (8 * freedom + 3)) / (8 * freedom + 1);
  return Math.sign(z) * Math.sqrt(freedom * Math.expm1(z ** 2 / freedom));
}
