/** Storing the weights of a written graph in fewer bytes, in the file and in the memory of whoever runs it. */

import { type onnx, TensorProto } from '../schema.ts';
import { type NarrowType, narrowed, type WeightTensor } from './narrow.ts';
import { isLargeProduct, productByPieces } from './pieces.ts';
import { SCALE, STORED, type Stored, widen } from './widen.ts';

export type GraphParts = Record<'node', onnx.INodeProto[]> & Record<'initializer', onnx.ITensorProto[]>;

/**
 * The same graph with the matrices and kernels among `weights` stored as `type`, and computing with them as float32. Of
 * two uses, this comes after: rows are picked first, and large matrices are multiplied with piece by piece, so that they
 * are never in memory as float32. Everywhere else the runtime does it once, when it loads the graph.
 */
export function withNarrowWeights(
  type: NarrowType,
  weights: { readonly has: (name: string) => boolean },
  { node, initializer }: GraphParts,
): GraphParts {
  const stored = new Map<string, Stored>();
  const initializers = initializer.flatMap((tensor) => {
    if (!weights.has(tensor.name!)) return [tensor];
    const weight = weightTensor(tensor);
    const narrow = narrowed(type, weight);
    if (narrow === undefined) return [tensor];
    const each = { ...narrow, name: weight.name, dims: weight.dims };
    stored.set(each.name, each);
    return initializersOf(type, each);
  });
  const nodes = node.flatMap((each): onnx.INodeProto[] => {
    const [first, second] = each.input!.map((name) => stored.get(name));
    if (each.opType === 'Gather' && first !== undefined) return picked(each, first) ?? [each];
    if (second === undefined || !isLargeProduct(each, second, stored)) return [each];
    const { loop, operands } = productByPieces(each, second);
    initializers.push(...operands);
    return [loop];
  });
  const used = new Set(nodes.flatMap(namesIn));
  const whole = [...stored.values()].filter(({ name }) => used.has(name));
  const widening = whole.flatMap(({ name, scale }) =>
    widen({ from: name + STORED, scale: scale && name + SCALE, to: name }),
  );
  return { node: [...widening, ...nodes], initializer: initializers };
}

function weightTensor({ name, dims, rawData }: onnx.ITensorProto): WeightTensor {
  const { buffer, byteOffset, byteLength } = rawData!;
  return {
    name: name!,
    dims: dims as number[],
    values: new Float32Array(buffer, byteOffset, byteLength / 4),
  };
}

function initializersOf({ dataType }: NarrowType, { name, dims, data, scale }: Stored): onnx.ITensorProto[] {
  const numbers = { name: name + STORED, dims: [...dims], dataType, rawData: data };
  if (scale === undefined) return [numbers];
  const { buffer, byteOffset, byteLength } = scale.values;
  const scales = {
    name: name + SCALE,
    // As many dimensions as the weight, so that the product repeats it.
    dims: dims.map((size, axis) => (axis === scale.axis ? size : 1)),
    dataType: TensorProto.DataType.FLOAT,
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  };
  return [numbers, scales];
}

/** All values that a node uses, also within its bodies. */
function namesIn({ input, attribute }: onnx.INodeProto): string[] {
  return [...input!, ...(attribute ?? []).flatMap(({ g }) => g?.node?.flatMap(namesIn) ?? [])];
}

/** What is picked of a stored weight; undefined where its scales would no longer lie beside it. */
function picked(node: onnx.INodeProto, { name, scale }: Stored): onnx.INodeProto[] | undefined {
  const [, ids] = node.input!;
  const [to] = node.output!;
  const axis = Number(node.attribute?.find((each) => each.name === 'axis')?.i ?? 0);
  const from = to + STORED;
  const gather = { ...node, input: [name + STORED, ids!], output: [from] };
  if (scale === undefined) return [gather, ...widen({ from, scale: undefined, to: to! })];
  // Ids may have any number of dimensions: only those after the axis stay where they are, counted from the last.
  if (scale.axis < axis) return undefined;
  if (scale.axis > axis) return [gather, ...widen({ from, scale: name + SCALE, to: to! })];
  const scales = to + SCALE;
  return [
    gather,
    { ...node, name: scales, input: [name + SCALE, ids!], output: [scales] },
    ...widen({ from, scale: scales, to: to! }),
  ];
}
