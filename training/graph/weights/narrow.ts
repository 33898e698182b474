/** Weights in fewer bytes than float32 takes. */
import type { onnx } from '../schema.ts';

export interface WeightTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A weight is its stored numbers, multiplied with the scale of the slice of `axis` that they are in. */
export interface Narrow {
  /** As ONNX keeps them: little-endian. */
  readonly data: Uint8Array;
  readonly scale?: { readonly axis: number; readonly values: Float32Array };
}

/** A type to store weights as. Storing what was stored again loses nothing more. */
export interface NarrowType {
  readonly dataType: onnx.TensorProto.DataType;
  /**
   * Undefined for a weight that would not become smaller.
   * @throws {GraphError} for a weight that the type cannot hold.
   */
  readonly store: (weight: WeightTensor) => Narrow | undefined;
  /** The stored numbers, without scale. */
  readonly numbers: (data: Uint8Array) => Float32Array;
}

/** A weight as it is stored; undefined for all but matrices and kernels, since biases for instance are too small to matter. */
export function narrowed(type: NarrowType, weight: WeightTensor): Narrow | undefined {
  return weight.dims.filter((size) => size > 1).length > 1 ? type.store(weight) : undefined;
}

/** A weight as it is after it was stored. */
export function roundedBy(type: NarrowType, weight: WeightTensor): Float32Array {
  const narrow = narrowed(type, weight);
  return narrow === undefined ? weight.values : widened(type, weight.dims, narrow);
}

/** The numbers that a stored weight stands for. */
export function widened(type: NarrowType, dims: readonly number[], { data, scale }: Narrow): Float32Array {
  const numbers = type.numbers(data);
  if (scale === undefined) return numbers;
  const { axis, values } = scale;
  const inner = dims.slice(axis + 1).reduce((product, each) => product * each, 1);
  return numbers.map((value, i) => value * values[Math.floor(i / inner) % values.length]!);
}
