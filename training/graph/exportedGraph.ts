import type { TensorSpec } from '../../shared/manifest.ts';

/** A serialised ONNX model with the types of its inputs and outputs. */
export interface ExportedGraph {
  readonly model: Uint8Array;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}
