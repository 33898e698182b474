/** The activation functions that layers take by name. */
import { relu, sigmoid, tanh } from '../graph/ops/activations.ts';
import type { Value } from '../graph/types.ts';

export const ACTIVATIONS = {
  linear: (x) => x,
  relu,
  sigmoid,
  tanh,
} as const satisfies Record<string, (x: Value) => Value>;

export type Activation = keyof typeof ACTIVATIONS;
