/** Names of the values of a graph: that they are distinct, and prefixes that keep them apart from others. */
import { InputError } from '../../shared/errors.ts';
import type { onnx } from '../graph/schema.ts';

/** Characters of a name that a message repeats. */
const SHOWN = 60;

/**
 * Shortens a name for a message: some exporters write paths of modules, others thousands of characters. Control
 * characters, which a terminal would obey, become question marks.
 */
export function shown(name: string, most = SHOWN): string {
  const text = printable(name);
  return text.length <= most ? text : `${text.slice(0, most)}...`;
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

/** @throws {InputError} if two values have the same name, which no runtime could tell apart. */
export function assertDistinctNames(source: string, graph: onnx.IGraphProto): void {
  const [inputs, outputs] = [graph.input, graph.output].map((list) =>
    (list ?? []).map(({ name }) => name ?? ''),
  );
  const values = (graph.node ?? []).flatMap(({ output }) => (output ?? []).filter((name) => name !== ''));
  for (const names of [inputs!, outputs!, values]) {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name))
        throw new InputError(
          `${source}: expected distinct names, found two values called '${shown(name)}'; export it with others (output_names of torch.onnx.export)`,
        );
      seen.add(name);
    }
  }
}

/**
 * Returns a copy of a graph with `prefix` before the name of every value and node, so that names of another graph, or
 * of the Worker's tensors, cannot be among them.
 */
export function prefixed(graph: onnx.IGraphProto, prefix: string): onnx.IGraphProto {
  const renamed = (name: string | null | undefined) => (name ? `${prefix}${name}` : '');
  const infos = (list: onnx.IValueInfoProto[] | null | undefined) =>
    (list ?? []).map((each) => ({ ...each, name: renamed(each.name) }));
  return {
    name: graph.name ?? '',
    input: infos(graph.input),
    output: infos(graph.output),
    initializer: (graph.initializer ?? []).map((each) => ({ ...each, name: renamed(each.name) })),
    sparseInitializer: (graph.sparseInitializer ?? []).map((each) => ({
      ...each,
      values: { ...each.values, name: renamed(each.values?.name) },
    })),
    // Shapes of values in between are left out: they may hold a batch size that no longer applies.
    node: (graph.node ?? []).map((node) => ({
      ...node,
      name: renamed(node.name),
      input: (node.input ?? []).map(renamed),
      output: (node.output ?? []).map(renamed),
      attribute: (node.attribute ?? []).map((each) => ({
        ...each,
        ...(each.g && { g: prefixed(each.g, prefix) }),
        ...(each.graphs?.length && { graphs: each.graphs.map((inner) => prefixed(inner, prefix)) }),
      })),
    })),
  };
}
