/**
 * Magnitudes of what reconstruction errors are computed from. Where a row is far from the others, its reconstruction
 * is, too, and the error is a small difference of large numbers: of (a - b)^2, rounding a and b changes
 * 2 |a - b| (|a| + |b|) as much, in relation, as it changes them, which may be far more than its share of the error.
 */
import type { NumberTensor, Tensors } from '../../shared/tensor.ts';
import { openNative } from '../engines/inference.ts';
import { ModelProto, NodeProto, type onnx } from '../graph/schema.ts';

export interface ErrorTerms {
  /** Returns |a - b| (|a| + |b|) in place of each (a - b)^2, summed as the error is, by the name of the output. */
  readonly of: (inputs: Tensors) => Promise<Readonly<Record<string, NumberTensor>>>;
  readonly release: () => Promise<void>;
}

/** Opens the terms of the outputs of a graph that are sums of squared differences; of others, there are none. */
export async function openErrorTerms(model: Uint8Array): Promise<ErrorTerms> {
  const terms = termsGraph(model);
  if (terms === undefined) return { of: async () => ({}), release: async () => {} };
  const session = await openNative(terms);
  return {
    of: async (inputs) => {
      const outputs = await session.runTensors(inputs);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [name.slice(0, -SUFFIX.length), value]),
      );
    },
    release: session.release,
  };
}

const SUFFIX = '#terms';

/** Operators that keep sums of squares what they are, but for constant factors and weights. */
const SUMMING = new Set([
  ...['Gemm', 'MatMul', 'Mul', 'Div', 'ReduceMean', 'ReduceSum'],
  ...['Where', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity'],
]);

/** Returns the graph of the terms alone; undefined if no output has any. */
function termsGraph(model: Uint8Array): Uint8Array | undefined {
  const proto = ModelProto.decode(model);
  const graph = proto.graph!;
  const added: onnx.INodeProto[] = [];
  const producers = new Map(graph.node!.flatMap((node) => node.output!.map((name) => [name, node] as const)));
  const known = new Map<string, string | undefined>();
  const termsOf = (name: string): string | undefined => {
    if (!known.has(name)) known.set(name, addTerms(name));
    return known.get(name);
  };
  const addTerms = (name: string): string | undefined => {
    const node = producers.get(name);
    if (node === undefined || !SUMMING.has(node.opType!)) return undefined;
    const [first, second] = node.input!;
    const output = `${name}${SUFFIX}`;
    if (node.opType === 'Mul' && first === second) {
      const difference = producers.get(first!);
      if (difference?.opType !== 'Sub') return undefined;
      added.push(...squareTerms(first!, difference.input!, output));
      return output;
    }
    const terms = node.input!.map(termsOf);
    if (terms.every((each) => each === undefined)) return undefined;
    const input = node.input!.map((each, i) => terms[i] ?? each);
    added.push(NodeProto.create({ ...node, name: output, input, output: [output] }));
    return output;
  };
  const outputs = graph.output!.flatMap((output) => {
    const terms = termsOf(output.name!);
    return terms === undefined ? [] : [{ ...output, name: terms }];
  });
  if (outputs.length === 0) return undefined;
  return ModelProto.encode({
    ...proto,
    graph: { ...graph, node: [...graph.node!, ...added], output: outputs },
  }).finish();
}

/** Nodes that compute |a - b| (|a| + |b|). */
function squareTerms(difference: string, sides: readonly string[], output: string): onnx.INodeProto[] {
  const part = (name: string) => `${output}/${name}`;
  const node = (opType: string, input: readonly string[], to: string) =>
    NodeProto.create({ name: to, opType, input: [...input], output: [to] });
  return [
    node('Abs', [difference], part('difference')),
    node('Abs', [sides[0]!], part('first')),
    node('Abs', [sides[1]!], part('second')),
    node('Add', [part('first'), part('second')], part('sum')),
    node('Mul', [part('difference'), part('sum')], output),
  ];
}
