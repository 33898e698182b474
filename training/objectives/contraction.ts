/** The squared Frobenius norm of an encoder's Jacobian, exact for any differentiable encoder. */
import { gradients } from '../graph/autodiff.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { constant } from '../graph/value.ts';

/**
 * Mean over the rows of the sum of squared derivatives of every unit of `code [N, k]` with respect to every
 * feature of `rows [N, features]` (Rifai et al., 2011, eq. 4). A row affects only its own code, so the
 * gradient of a unit's sum over the batch contains the derivatives of each row: one backward pass through the
 * encoder per unit.
 */
export function contraction(code: Value, rows: Value): Value {
  const codeSize = code.shape[1] as number;
  const norms = Array.from({ length: codeSize }, (_, unit) => {
    const [derivatives] = gradients(reduceSum(mul(code, unitVector(unit, codeSize))), [rows]);
    return reduceMean(reduceSum(square(derivatives!), [1]));
  });
  return norms.reduce(add);
}

function unitVector(unit: number, size: number): Value {
  const data = new Float32Array(size);
  data[unit] = 1;
  return constant({ dtype: 'float32', shape: [size], data });
}
