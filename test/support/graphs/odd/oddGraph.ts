/** Graphs that are legal or nearly so, and unlike what exporters write. */
import { AttributeProto, type onnx } from '../../../../training/graph/schema.ts';
import { modelBytes, node, PLAIN } from '../hostile/plain.ts';

export type Row = readonly number[];

export interface OddGraph {
  /** What is odd about it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Files next to it, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Largest difference to accept as a share of the largest value; 0 by default. */
  readonly tolerance?: number;
  /** What its first graph answers for rows of 4; or the error, all of which name what to do. */
  readonly outcome: ((rows: readonly Row[]) => number[][]) | RegExp;
}

/** What `rows · weights` of the plain graph are. */
export const codes = (rows: readonly Row[]): number[][] => rows.map(([a, b, c, d]) => [a! + c!, b! + d!]);

/** A model of the plain graph with some of its parts replaced, with the opset and the IR version of today. */
export function odd(graph: onnx.IGraphProto, model: onnx.IModelProto = {}): Uint8Array {
  return modelBytes({
    irVersion: 10,
    opsetImport: [{ domain: '', version: 21 }],
    ...model,
    graph: { ...PLAIN, ...graph },
  });
}

/** The plain graph, after which `nodes` make `code [N, 2]` of `plain`. */
export function after(nodes: readonly onnx.INodeProto[], graph: onnx.IGraphProto = {}): Uint8Array {
  const { initializer = [], ...others } = graph;
  return odd({
    ...others,
    initializer: [...PLAIN.initializer!, ...initializer!],
    node: [node('MatMul', ['rows', 'weights'], ['plain']), ...nodes],
  });
}

export const intsAttribute = (name: string, ints: readonly number[]): onnx.IAttributeProto => ({
  name,
  type: AttributeProto.AttributeType.INTS,
  ints: [...ints],
});
