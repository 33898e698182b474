/** Walks the nodes of a graph, and of the graphs within them. */
import type { onnx } from '../graph/schema.ts';

/** Yields a graph and those in the attributes of its nodes, such as the body of a loop. */
export function* everyGraph(graph: onnx.IGraphProto): Generator<onnx.IGraphProto> {
  yield graph;
  for (const node of graph.node ?? []) {
    for (const inner of graphsIn(node)) yield* everyGraph(inner);
  }
}

/** Yields every node, those of inner graphs included. */
export function* everyNode(graph: onnx.IGraphProto): Generator<onnx.INodeProto> {
  for (const each of everyGraph(graph)) yield* each.node ?? [];
}

/** Graphs in the attributes of a node. */
export function graphsIn({ attribute }: onnx.INodeProto): onnx.IGraphProto[] {
  return (attribute ?? []).flatMap(({ g, graphs }) => [...(g ? [g] : []), ...(graphs ?? [])]);
}

/** Names of the values that a node reads, those that its inner graphs read from around it included. */
export function readBy(node: onnx.INodeProto): string[] {
  const own = (node.input ?? []).filter((name) => name !== '');
  return [
    ...own,
    ...graphsIn(node).flatMap((graph) => [...(graph.node ?? []).flatMap(readBy), ...resultsOf(graph)]),
  ];
}

function resultsOf({ output }: onnx.IGraphProto): string[] {
  return (output ?? []).map(({ name }) => name ?? '');
}
