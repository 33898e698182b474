import * as z from 'zod';
import { relu } from '../graph/ops/activations.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { clip } from '../graph/ops/clip.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { log } from '../graph/ops/powers.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import type { NumberTransform } from './transform.ts';

const Config = z.strictObject({});

/** Just below log(1 + the largest float32): a larger output would become an infinite number. */
export const MOST = 88;

/**
 * Finite for every finite number, unlike `log1p`: a value that no training row has, such as a refund among
 * prices, still gets a score. Equal to `log1p` from 0 upwards.
 */
export const symlog: NumberTransform<typeof Config> = {
  kind: 'number',
  summary: 'computes sign(x) log(1 + |x|), for values with a long tail, also below 0',
  config: Config,
  fit: () => ({}),
  apply: (value) => Math.sign(value) * Math.fround(Math.log(Math.fround(1 + Math.abs(value)))),
  emit: (x) => {
    const [above, below] = halves(x).map((half) => log(add(scalar(1), half))) as [Value, Value];
    // ONNX does not define Relu for NaN, so missing values bypass it.
    return where(isNan(x), x, sub(above, below));
  },
  invert: (y) => {
    const [above, below] = halves(y).map((half) => exp(clip(half, { max: MOST }))) as [Value, Value];
    return sub(above, below);
  },
};

/** Returns max(x, 0) and max(-x, 0), of which one is 0. */
function halves(x: Value): [Value, Value] {
  return [relu(x), relu(mul(x, scalar(-1)))];
}
