/** Layers that only change the shape of every row. */
import { reshape as reshapeValue } from '../graph/ops/reshape.ts';
import { GraphError, sizeOf } from '../graph/value.ts';
import type { Layer } from './layer.ts';

/** `[N, ...]` to `[N, ...shape]`. */
export function reshape(shape: readonly number[]): Layer {
  return (x) => reshapeValue(x, [0, ...shape]);
}

/**
 * `[N, ...]` to `[N, features]`.
 * @throws {GraphError} when a dimension after the first is symbolic.
 */
export function flatten(): Layer {
  return (x) => {
    const sizes = x.shape.slice(1).filter((size) => typeof size === 'number');
    if (sizes.length !== x.shape.length - 1)
      throw new GraphError(`flatten: expected fixed sizes after the first, received [${x.shape}]`);
    return reshapeValue(x, [0, sizeOf(sizes)]);
  };
}
