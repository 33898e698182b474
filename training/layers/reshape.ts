/** Layers that change only the shape of every row. */
import { reshape as reshapeValue } from '../graph/ops/reshape.ts';
import { GraphError, sizeOf } from '../graph/value.ts';
import type { Layer } from './layer.ts';

/** Reshapes `[N, ...]` to `[N, ...shape]`. */
export function reshape(shape: readonly number[]): Layer {
  return (x) => reshapeValue(x, [0, ...shape]);
}

/**
 * Flattens `[N, ...]` to `[N, features]`.
 * @throws {GraphError} if a dimension after the first is symbolic.
 */
export function flatten(): Layer {
  return (x) => {
    const sizes = x.shape.slice(1).filter((size) => typeof size === 'number');
    if (sizes.length !== x.shape.length - 1)
      throw new GraphError(`flatten: expected fixed dimensions after the first, received [${x.shape}]`);
    return reshapeValue(x, [0, sizeOf(sizes)]);
  };
}
