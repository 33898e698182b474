/** Weights stored in fewer bytes than float32. */
import type { onnx } from '../schema.ts';

export interface WeightTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A stored weight: its numbers, each to be multiplied by the scale of its slice along `axis`. */
export interface NarrowWeight {
  /** The numbers, little-endian as in ONNX. */
  readonly data: Uint8Array;
  readonly scale?: { readonly axis: number; readonly values: Float32Array };
}

/** A storage type for weights. Storing is idempotent: values that were stored before are stored exactly. */
export interface NarrowType {
  readonly dataType: onnx.TensorProto.DataType;
  /**
   * Encodes a weight; undefined if it would not become smaller.
   * @throws {GraphError} if the type cannot represent the weight.
   */
  readonly store: (weight: WeightTensor) => NarrowWeight | undefined;
  /** Decodes the stored numbers, not yet scaled. */
  readonly numbers: (data: Uint8Array) => Float32Array;
}

/** Stores a weight. Undefined for vectors, such as biases, which are too small to matter. */
export function narrowed(type: NarrowType, weight: WeightTensor): NarrowWeight | undefined {
  return weight.dims.filter((size) => size > 1).length > 1 ? type.store(weight) : undefined;
}

/** Returns the values of a weight after storing, rounded to the type. */
export function roundedBy(type: NarrowType, weight: WeightTensor): Float32Array {
  const narrow = narrowed(type, weight);
  return narrow === undefined ? weight.values : widened(type, weight.dims, narrow);
}

/** Decodes a stored weight to float32. */
export function widened(
  type: NarrowType,
  dims: readonly number[],
  { data, scale }: NarrowWeight,
): Float32Array {
  const numbers = type.numbers(data);
  if (scale === undefined) return numbers;
  const { axis, values } = scale;
  const inner = dims.slice(axis + 1).reduce((product, each) => product * each, 1);
  return numbers.map((value, i) => value * values[Math.floor(i / inner) % values.length]!);
}
