/** Builds ONNX nodes and models around graphs that were made elsewhere. */
import { int64Proto, tensorProto, valueInfo } from '../graph/protobuf.ts';
import { AttributeProto, ModelProto, type onnx } from '../graph/schema.ts';
import type { TensorType } from '../graph/types.ts';
import { elementTypeId } from './elementTypes.ts';
import { readBy } from './nodes.ts';

/** Nodes with the constants that they read. */
export interface Part {
  readonly node: readonly onnx.INodeProto[];
  readonly initializer: readonly onnx.ITensorProto[];
  readonly sparseInitializer?: readonly onnx.ISparseTensorProto[];
}

/** A value of a graph as an input or output of a model; a float32 output of unknown shape without a type. */
export type Port = readonly [name: string, type: TensorType | undefined];

/** A node with int attributes. */
export function nodeOf(
  opType: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): onnx.INodeProto {
  const { INT, INTS } = AttributeProto.AttributeType;
  return {
    ...{ name: output, opType, input: [...input], output: [output] },
    attribute: Object.entries(attributes).map(([name, value]) =>
      typeof value === 'number' ? { name, type: INT, i: value } : { name, type: INTS, ints: [...value] },
    ),
  };
}

export function cast(from: string, to: string, type: string): Part {
  return { node: [nodeOf('Cast', [from], to, { to: elementTypeId(type) })], initializer: [] };
}

export function identity(from: string, to: string): Part {
  return { node: [nodeOf('Identity', [from], to)], initializer: [] };
}

/** Changes the shape of `[N, ...]`; a size of -1 is computed. */
export function reshape(from: string, to: string, shape: readonly number[]): Part {
  const operand = `${to}#shape`;
  return { node: [nodeOf('Reshape', [from, operand], to)], initializer: [int64Proto(operand, shape)] };
}

/** Takes the columns from `start` up to `end` of `[N, width]`. */
export function columnsOf(from: string, to: string, start: number, end: number): Part {
  const operand = `${to}#columns`;
  const places = Array.from({ length: end - start }, (_, i) => start + i);
  return {
    node: [nodeOf('Gather', [from, operand], to, { axis: 1 })],
    initializer: [int64Proto(operand, places)],
  };
}

/** Makes `[N, size]` of one number, with as many rows as `from [N, width]` has; its values are finite. */
export function constantRows(from: string, width: number, to: string, size: number, value: number): Part {
  const [zeros, values] = [`${to}#zeros`, `${to}#values`];
  const filled = (shape: readonly number[], each: number) => ({
    ...{ dtype: 'float32' as const, shape },
    data: new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(each),
  });
  return {
    node: [nodeOf('Gemm', [from, zeros, values], to)],
    initializer: [tensorProto(zeros, filled([width, size], 0)), tensorProto(values, filled([size], value))],
  };
}

/** Joins `[N, 1]` inputs to `[N, count]`. */
export function joined(from: readonly string[], to: string): Part {
  return { node: [nodeOf('Concat', from, to, { axis: 1 })], initializer: [] };
}

/** The outputs `error [N]` and `feature_error [N, width]` of a reconstruction, in squared units of the rows. */
export function squaredErrors(rows: string, reconstruction: string, width: number): Part {
  const weights = new Float32Array(width).fill(1 / width);
  return {
    node: [
      nodeOf('Sub', [rows, reconstruction], 'difference'),
      nodeOf('Mul', ['difference', 'difference'], 'feature_error'),
      // A product in place of ReduceMean, whose axes are an attribute or an input depending on the opset.
      nodeOf('MatMul', ['feature_error', 'error#weights'], 'error#column'),
      nodeOf('Reshape', ['error#column', 'error#shape'], 'error'),
    ],
    initializer: [
      tensorProto('error#weights', { dtype: 'float32', shape: [width, 1], data: weights }),
      int64Proto('error#shape', [-1]),
    ],
  };
}

/** A graph as a part of another one. */
export function partOf({ node, initializer, sparseInitializer }: onnx.IGraphProto): Part {
  return { node: node ?? [], initializer: initializer ?? [], sparseInitializer: sparseInitializer ?? [] };
}

/**
 * Returns the bytes of a model of these parts, in order of execution, without what no output depends on.
 * Everything but the graph is that of `like`.
 */
export function assembled(
  like: onnx.IModelProto,
  parts: readonly Part[],
  { inputs, outputs }: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] },
): Uint8Array {
  const node = needed(
    parts.flatMap((part) => part.node),
    outputs.map(([name]) => name),
  );
  const read = new Set(node.flatMap(readBy));
  const hasStandard = like.opsetImport?.some((each) => (each.domain || 'ai.onnx') === 'ai.onnx');
  return ModelProto.encode({
    irVersion: like.irVersion ?? 8,
    producerName: like.producerName ?? '',
    producerVersion: like.producerVersion ?? '',
    docString: like.docString ?? '',
    metadataProps: like.metadataProps ?? [],
    // The adapters need the standard's operators, whatever the graph itself is made of.
    opsetImport: [
      ...(like.opsetImport ?? []),
      ...(hasStandard ? [] : [{ domain: '', version: STANDARD_OPSET }]),
    ],
    functions: like.functions ?? [],
    graph: {
      name: like.graph?.name || 'imported',
      node,
      initializer: parts.flatMap((part) => part.initializer).filter(({ name }) => read.has(name ?? '')),
      sparseInitializer: parts
        .flatMap((part) => part.sparseInitializer ?? [])
        .filter(({ values }) => read.has(values?.name ?? '')),
      input: inputs.map(infoOf),
      output: outputs.map(infoOf),
    },
  } as onnx.IModelProto).finish();
}

const STANDARD_OPSET = 15;

function infoOf([name, type]: Port): onnx.IValueInfoProto {
  return type === undefined
    ? { name, type: { tensorType: { elemType: elementTypeId('float32') } } }
    : valueInfo(name, type);
}

/** Nodes that the outputs depend on, in order. */
function needed(nodes: readonly onnx.INodeProto[], outputs: readonly string[]): onnx.INodeProto[] {
  const producers = new Map(
    nodes.flatMap((node) => (node.output ?? []).map((name) => [name, node] as const)),
  );
  const kept = new Set<onnx.INodeProto>();
  const waiting = [...outputs];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = producers.get(name);
    if (node === undefined || kept.has(node)) continue;
    kept.add(node);
    waiting.push(...readBy(node));
  }
  return nodes.filter((node) => kept.has(node));
}
