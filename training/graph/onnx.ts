/** Writes a graph as an ONNX model (ONNX IR version 8, opset 18). */
import { lowerAll } from './lower.ts';
import { ENCODE_ATTRIBUTE, graphAttribute, int64Proto, tensorProto, valueInfo } from './protobuf.ts';
import { ModelProto, NodeProto, type onnx } from './schema.ts';
import { nodesOf, topological } from './traverse.ts';
import type { Body, Input, Node, Value, Variable, Weights } from './types.ts';
import { describeValue, formatShape, GraphError, sizeOf } from './value.ts';
import { withStoredWeights } from './weights/narrowGraph.ts';
import { WEIGHT_TYPES, type WeightType } from './weights/weightTypes.ts';

const IR_VERSION = 8;
export const OPSET = 18;
/** Version of `ai.onnx.ml`: the newest that every runtime supports completely. */
const ML_OPSET = 3;

export interface ModelOptions {
  readonly name: string;
  /** Graph inputs, in order. Every input that the outputs depend on must be listed. */
  readonly inputs: readonly Input[];
  /** Graph outputs by name, in order. */
  readonly outputs: Readonly<Record<string, Value>>;
  /**
   * Values of the variables, which become initializers. Without weights, variables become inputs after
   * `inputs`.
   */
  readonly weights?: Weights;
  /** Storage type of the weights, float32 by default. The graph computes in float32 with any type. */
  readonly weightType?: WeightType;
}

/**
 * Serialises the graph of the outputs. The same graph and weights give the same bytes.
 * @throws {GraphError} if an input is not listed, two leaves share a name, or a weight is missing, has the
 * wrong size, or is too large for the storage type.
 */
export function toOnnx({
  name,
  inputs,
  outputs: unlowered,
  weights,
  weightType = 'float32',
}: ModelOptions): Uint8Array {
  const outputs = lowerAll(unlowered);
  const order = topological(Object.values(outputs));
  const names = nameValues(order, outputs);
  const variables = order.filter((value) => value.kind === 'variable');
  for (const value of order) {
    if (value.kind === 'input' && !inputs.includes(value)) {
      throw new GraphError(`${name}: ${describeValue(value)} is used but is not among the graph's inputs`);
    }
  }
  const initializers: onnx.ITensorProto[] = [];
  if (weights !== undefined) {
    for (const { name: variable, shape } of variables) {
      const data = weights.get(variable);
      if (data === undefined) throw new GraphError(`${name}: no weights for variable '${variable}'`);
      if (data.length !== sizeOf(shape)) {
        const expected = `${sizeOf(shape)} weights for variable '${variable}' ${formatShape(shape)}`;
        throw new GraphError(`${name}: expected ${expected}, received ${data.length}`);
      }
      initializers.push(tensorProto(variable, { dtype: 'float32', shape, data }));
    }
  }
  const fed = weights === undefined ? [...inputs, ...variables] : inputs;
  const graph = graphProto({ name, inputs: fed, outputs, names }, initializers);
  const model = ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'latentedge',
    opsetImport: [
      { domain: '', version: OPSET },
      ...(usesMl(order) ? [{ domain: 'ai.onnx.ml', version: ML_OPSET }] : []),
    ],
    graph: weights ? { ...graph, ...withStoredWeights(WEIGHT_TYPES[weightType], weights, graph) } : graph,
  });
  return ModelProto.encode(model).finish();
}

function usesMl(order: readonly Value[]): boolean {
  return nodesOf(order).some(({ op }) => op.domain !== undefined);
}

interface NamedGraph {
  readonly name: string;
  readonly inputs: readonly (Input | Variable)[];
  readonly outputs: Readonly<Record<string, Value>>;
  readonly names: ReadonlyMap<Value, string>;
}

function graphProto({ name, inputs, outputs, names }: NamedGraph, weights: onnx.ITensorProto[] = []) {
  const order = topological(Object.values(outputs));
  const constants = order.filter((value) => value.kind === 'constant');
  const initializers = [
    ...constants.map((value) => tensorProto(names.get(value)!, value.tensor)),
    ...weights,
  ];
  const nodes = nodesOf(order).map((node) => nodeProto(node, names, initializers));
  const graphOutputs = Object.entries(outputs).map(([output, value]) => {
    // An output that is a leaf, or a second name of the same value, needs a node of its own.
    if (names.get(value) !== output) {
      nodes.push(NodeProto.create({ opType: 'Identity', input: [names.get(value)!], output: [output] }));
    }
    return valueInfo(output, value);
  });
  return {
    name,
    node: nodes,
    initializer: initializers,
    input: inputs.map((value) => valueInfo(names.get(value) ?? value.name, value)),
    output: graphOutputs,
  };
}

/** Prefixes the names in a body, because ONNX bodies share one namespace with the graph around them. */
function bodyProto(prefix: string, body: Body, captured: readonly string[]): onnx.IGraphProto {
  const known = new Map<Value, string>([
    ...body.inputs.map((each) => [each, `${prefix}${each.name}`] as const),
    ...body.captured.map((each, i) => [each, captured[i]!] as const),
  ]);
  const outputs = Object.fromEntries(body.outputs.map((each, i) => [`${prefix}output_${i}`, each]));
  const names = nameValues(topological(body.outputs), outputs, { known, prefix });
  return graphProto({ name: prefix, inputs: body.inputs, outputs, names });
}

/**
 * Leaves keep their names, results that are outputs take the output's name, and all others are numbered by
 * operator.
 */
function nameValues(
  order: readonly Value[],
  outputs: Readonly<Record<string, Value>>,
  { known = new Map(), prefix: namespace = '' }: { known?: ReadonlyMap<Value, string>; prefix?: string } = {},
): Map<Value, string> {
  const names = new Map(known);
  const taken = new Set<string>(Object.keys(outputs));
  for (const value of order) {
    if ((value.kind !== 'input' && value.kind !== 'variable') || known.has(value)) continue;
    if (taken.has(value.name)) throw new GraphError(`two values are called '${value.name}'`);
    taken.add(value.name);
    names.set(value, value.name);
  }
  for (const [output, value] of Object.entries(outputs)) {
    if (value.kind === 'result' && !names.has(value)) names.set(value, output);
  }
  const counters = new Map<string, number>();
  const fresh = (prefix: string): string => {
    const count = counters.get(prefix) ?? 0;
    counters.set(prefix, count + 1);
    const candidate = `${namespace}${prefix}_${count}`;
    return taken.has(candidate) ? fresh(prefix) : candidate;
  };
  for (const value of order) {
    if (value.kind === 'constant') names.set(value, fresh('constant'));
    if (value.kind !== 'result') continue;
    // ONNX identifies outputs by position, so an unused output before a used one needs a name too.
    const { op, outputs } = value.node;
    for (const output of op.outputsRequired ? outputs : outputs.slice(0, value.index + 1)) {
      if (!names.has(output)) names.set(output, fresh(op.type));
    }
  }
  return names;
}

function nodeProto(
  { op, inputs, attributes, outputs }: Node,
  names: ReadonlyMap<Value, string>,
  initializers: onnx.ITensorProto[],
): onnx.NodeProto {
  const output = outputs.flatMap((value) => names.get(value) ?? []);
  let input = inputs.map((value) => names.get(value)!);
  const attribute: onnx.IAttributeProto[] = [];
  for (const [key, kind] of Object.entries(op.attributes ?? {})) {
    const value = attributes[key];
    if (value === undefined) continue;
    if (kind === 'body') {
      const body = value as Body;
      const captured = input.slice(body.inputs.length);
      input = input.slice(0, body.inputs.length);
      attribute.push(graphAttribute(key, bodyProto(`${output[0]}#${key}/`, body, captured)));
    } else if (kind === 'input') {
      const operand = `${output[0]}#${key}`; // no value has a # in its name
      initializers.push(int64Proto(operand, value as readonly number[]));
      input.push(operand);
    } else {
      attribute.push(ENCODE_ATTRIBUTE[kind](key, value));
    }
  }
  const domain = op.domain ?? '';
  return NodeProto.create({ name: output[0]!, opType: op.type, domain, input, output, attribute });
}
