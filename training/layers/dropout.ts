/** Dropout (Srivastava et al., 2014). */
import { mul } from '../graph/ops/arithmetic.ts';
import { greater } from '../graph/ops/step.ts';
import { scalar } from '../graph/value.ts';
import type { Layer } from './layer.ts';

/**
 * In training, sets every value to 0 with probability `rate`, in [0, 1), and divides the others by 1 - rate,
 * which preserves the mean. In evaluation, returns its input. `name` is the name of the noise.
 */
export function dropout(name: string, rate: number): Layer {
  return (x, context) => {
    if (!context.training || rate === 0) return x;
    const kept = greater(context.noise(name, x.shape, 'uniform'), scalar(rate));
    return mul(x, mul(kept, scalar(1 / (1 - rate))));
  };
}
