/** How closely runtimes can agree on a graph, by the types of its numbers. */
import { PARITY_TOLERANCE } from '../artifact/parity.ts';
import { type onnx, TensorProto } from '../graph/schema.ts';
import { everyGraph, everyNode } from './nodes.ts';

/** float16 has a precision of 2^-11; a few such roundings add up. */
const FLOAT16_TOLERANCE = 4e-3;
/** A rounding to one of 256 steps may fall on either side. */
const QUANTISED_TOLERANCE = 2e-2;

/** Returns the largest difference to accept between runtimes, as a share of the largest value. */
export function toleranceOf(models: readonly onnx.IModelProto[]): number {
  if (models.some(isQuantised)) return QUANTISED_TOLERANCE;
  return models.some(isHalf) ? FLOAT16_TOLERANCE : PARITY_TOLERANCE;
}

/**
 * True if some operators compute with integers of 8 bits, or weights are kept as such: onnxruntime-node multiplies
 * by weights of 4 bits in integers, WASM in floats.
 */
export function isQuantised({ graph }: onnx.IModelProto): boolean {
  return [...everyNode(graph!)].some(({ opType }) => /[Qq]uantize|Integer|^QLinear/.test(opType ?? ''));
}

function isHalf({ graph }: onnx.IModelProto): boolean {
  const { FLOAT16 } = TensorProto.DataType;
  return [...everyGraph(graph!)].some(({ initializer, input }) =>
    [
      ...(initializer ?? []).map(({ dataType }) => dataType),
      ...(input ?? []).map(({ type }) => type?.tensorType?.elemType),
    ].includes(FLOAT16),
  );
}
