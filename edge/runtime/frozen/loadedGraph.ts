/** Graphs in the memory of a runtime. */
import type { Tensor } from '../../../shared/tensor.ts';

/** An input or output of a loaded graph; `address` is that of its name. */
export interface LoadedTensor {
  readonly name: string;
  readonly address: number;
  readonly dtype: Tensor['dtype'];
}

/** A graph in the memory of a runtime; `session` is an address. */
export interface LoadedGraph {
  readonly session: number;
  readonly inputs: readonly LoadedTensor[];
  readonly outputs: readonly LoadedTensor[];
}

export function named(tensors: readonly LoadedTensor[], name: string): LoadedTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found)
    throw new Error(`output ${name}: expected one of ${tensors.map((each) => each.name).join(', ')}`);
  return found;
}
