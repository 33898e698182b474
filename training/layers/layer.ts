/** What every layer is: a function from values to values that owns its variables. */
import type { Value } from '../graph/types.ts';

/** Applying a layer twice shares its weights. */
export type Layer = (x: Value) => Value;

/** One layer after the other. */
export function sequential(layers: readonly Layer[]): Layer {
  return (x) => layers.reduce((value, layer) => layer(value), x);
}
