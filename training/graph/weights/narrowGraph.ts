/** Stores the weights of a graph in fewer bytes, in the file and in memory at run time. */
import { type onnx, TensorProto } from '../schema.ts';
import { blockwiseProduct, isLargeProduct } from './blockwise.ts';
import { type NarrowType, narrowed, type WeightTensor } from './narrow.ts';
import { type SparseColumns, sparseColumns } from './sparseColumns.ts';
import { blockwiseColumns, densified, gatheredColumns, sparseInitializers } from './sparseGraph.ts';
import { SCALE, STORED, type StoredWeight, widen } from './widen.ts';

export type GraphParts = Record<'node', onnx.INodeProto[]> & Record<'initializer', onnx.ITensorProto[]>;

/**
 * Returns the same graph with the matrices and kernels among `weights` stored as `type` (null: unchanged), and matrices
 * of few values other than 0 by the positions of these. They are converted to dense float32 matrices for computing. The
 * runtime converts them once, when it loads the graph, with two exceptions that never hold the whole matrix as float32:
 * lookups convert only the gathered rows or columns, and products with large matrices convert block by block.
 */
export function withStoredWeights(
  type: NarrowType | null,
  weights: { readonly has: (name: string) => boolean },
  { node, initializer }: GraphParts,
): GraphParts {
  const stored = new Map<string, StoredWeight>();
  const sparse = new Map<string, SparseColumns>();
  const initializers = initializer.flatMap((tensor) => {
    const name = tensor.name!;
    if (!weights.has(name)) return [tensor];
    const weight = weightTensor(tensor);
    const form = sparseColumns(weight, type);
    if (form !== undefined) {
      sparse.set(name, form);
      return sparseInitializers({ name, form });
    }
    const narrow = type && narrowed(type, weight);
    if (!narrow) return [tensor];
    const each = { ...narrow, name, dims: weight.dims };
    stored.set(name, each);
    return initializersOf(type, each);
  });
  const isStored = (name: string) => stored.has(name) || sparse.has(name);
  const nodes = node.flatMap((each): onnx.INodeProto[] => {
    const [first, second] = each.input!;
    const add = ({ node, initializer }: GraphParts) => {
      initializers.push(...initializer);
      return node;
    };
    const picked = sparse.get(first!);
    if (each.opType === 'Gather' && picked !== undefined && gatherAxis(each) === 1)
      return add(gatheredColumns(each, { name: first!, form: picked }));
    const narrow = stored.get(first!);
    if (each.opType === 'Gather' && narrow !== undefined) return gatherStored(each, narrow) ?? [each];
    const columns = sparse.get(second!);
    if (columns !== undefined && isLargeProduct(each, columns.dims, isStored))
      return add(blockwiseColumns(each, { name: second!, form: columns }));
    const wide = stored.get(second!);
    if (wide === undefined || !isLargeProduct(each, wide.dims, isStored)) return [each];
    const { loop, operands } = blockwiseProduct(each, wide);
    return add({ node: [loop], initializer: operands });
  });
  const used = new Set(nodes.flatMap(namesIn));
  const whole = [...stored.values()].filter(({ name }) => used.has(name));
  const widening = [
    ...whole.flatMap(({ name, scale }) =>
      widen({ from: name + STORED, scale: scale && name + SCALE, to: name }),
    ),
    ...Array.from(sparse, ([name, form]) => (used.has(name) ? densified({ name, form }) : [])).flat(),
  ];
  return { node: [...widening, ...nodes], initializer: initializers };
}

function gatherAxis({ attribute }: onnx.INodeProto): number {
  return Number(attribute?.find((each) => each.name === 'axis')?.i ?? 0);
}

function weightTensor({ name, dims, rawData }: onnx.ITensorProto): WeightTensor {
  const { buffer, byteOffset, byteLength } = rawData!;
  return {
    name: name!,
    dims: dims as number[],
    values: new Float32Array(buffer, byteOffset, byteLength / 4),
  };
}

function initializersOf(
  { dataType }: NarrowType,
  { name, dims, data, scale }: StoredWeight,
): onnx.ITensorProto[] {
  const numbers = { name: name + STORED, dims: [...dims], dataType, rawData: data };
  if (scale === undefined) return [numbers];
  const { buffer, byteOffset, byteLength } = scale.values;
  const scales = {
    name: name + SCALE,
    // As many dimensions as the weight, so that the scales broadcast.
    dims: dims.map((size, axis) => (axis === scale.axis ? size : 1)),
    dataType: TensorProto.DataType.FLOAT,
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  };
  return [numbers, scales];
}

/** Names of all values that a node uses, including in its bodies. */
function namesIn({ input, attribute }: onnx.INodeProto): string[] {
  return [...input!, ...(attribute ?? []).flatMap(({ g }) => g?.node?.flatMap(namesIn) ?? [])];
}

/** Gathers from a stored weight; undefined if the scales would no longer broadcast to the result. */
function gatherStored(node: onnx.INodeProto, { name, scale }: StoredWeight): onnx.INodeProto[] | undefined {
  const [, ids] = node.input!;
  const [to] = node.output!;
  const axis = gatherAxis(node);
  const from = to + STORED;
  const gather = { ...node, input: [name + STORED, ids!], output: [from] };
  if (scale === undefined) return [gather, ...widen({ from, scale: undefined, to: to! })];
  // Indices may have any number of dimensions, so only axes after the gathered one keep their place, counted
  // from the end.
  if (scale.axis < axis) return undefined;
  if (scale.axis > axis) return [gather, ...widen({ from, scale: name + SCALE, to: to! })];
  const scales = to + SCALE;
  return [
    gather,
    { ...node, name: scales, input: [name + SCALE, ids!], output: [scales] },
    ...widen({ from, scale: scales, to: to! }),
  ];
}
