/** Removes ZipMap, which turns probabilities into dictionaries: no tensor, and nothing a Worker could answer. */
import type { onnx } from '../graph/schema.ts';

export interface Unzipped {
  readonly graph: onnx.IGraphProto;
  /** Names of the classes by output, in the order of the probabilities. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Returns the graph with the probabilities themselves as the output of every ZipMap, and the names of the classes
 * of every output as far as the graph holds them.
 */
export function withoutZipMap(graph: onnx.IGraphProto): Unzipped {
  const classes = new Map<string, readonly string[]>();
  const fallback = (graph.node ?? []).map(classesOf).find((names) => names !== undefined);
  const node = (graph.node ?? []).map((each) => {
    if (each.opType !== 'ZipMap') return each;
    const own = classesOf(each);
    if (own) classes.set(each.output![0]!, own);
    const { input, output, name } = each;
    return { name, opType: 'Identity', input: input ?? [], output: output ?? [] } as onnx.INodeProto;
  });
  for (const { name } of graph.output ?? []) {
    if (fallback && !classes.has(name ?? '')) classes.set(name ?? '', fallback);
  }
  return { graph: { ...graph, node }, classes };
}

/** Classes in the attributes of a node, as ZipMap and the classifiers of `ai.onnx.ml` hold them. */
function classesOf({ attribute }: onnx.INodeProto): string[] | undefined {
  for (const { name, strings, ints } of attribute ?? []) {
    if (!/^class(labels|es)_(strings|int64s|ints)$/.test(name ?? '')) continue;
    if (strings?.length) return strings.map((text) => new TextDecoder().decode(text));
    if (ints?.length) return ints.map(String);
  }
  return undefined;
}
