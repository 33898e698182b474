/** Groups the nodes of a graph into the layers that it was built from, as boxes for the diagram. */
import { topological } from '../../graph/traverse.ts';
import type { Input, Value, Variable } from '../../graph/types.ts';
import { sizeOf } from '../../graph/value.ts';
import type { DiagramLayer } from './evaluation.ts';

/** Operators without weights that get a box of their own. */
const OWN_BOX = new Set(['AveragePool', 'Concat', 'MaxPool', 'Resize', 'Scan']);
/** Operators that only rearrange values, left out of the diagram. */
const PLUMBING = new Set(['Cast', 'Expand', 'Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze']);

interface Group {
  readonly name: string;
  readonly operators: Set<string>;
  readonly from: Set<number>;
  shape: Value['shape'];
  parameters: number;
}

/**
 * Layers from the input `from`, which is the first layer, to the outputs. A node belongs to the layer that
 * its weights are named after; a node without weights belongs to the layer before it. Weights are counted
 * once: those in `counted` are skipped, and all others are added to it.
 */
export function layersOf(
  from: Input,
  outputs: readonly Value[],
  counted = new Set<Variable>(),
): DiagramLayer[] {
  const groups: Group[] = [];
  const indices = new Map<string, number>();
  /** Index of the layer of each value that depends on the input. */
  const layers = new Map<Value, number>();
  /** Weights behind each value that does not depend on the input. */
  const weights = new Map<Value, readonly Variable[]>();
  const layer = (id: string, name: string): number => {
    const known = indices.get(id);
    if (known !== undefined) return known;
    const group: Group = { name, operators: new Set(), from: new Set(), shape: [], parameters: 0 };
    indices.set(id, groups.length);
    return groups.push(group) - 1;
  };

  for (const value of topological(outputs)) {
    if (value.kind !== 'result') {
      if (value === from) layers.set(value, layer('input', from.name));
      if (value.kind === 'variable') weights.set(value, [value]);
    } else {
      const { op, inputs } = value.node;
      const before = inputs.flatMap((each) => layers.get(each) ?? []);
      const own = inputs.flatMap((each) => weights.get(each) ?? []);
      if (before.length === 0) {
        weights.set(value, own);
        continue;
      }
      // The last weight is the bias. It belongs to this layer even if the matrix is tied to another one.
      const named = own.at(-1);
      const index =
        named !== undefined
          ? layer(prefixOf(named), prefixOf(named).split('/').at(-1)!)
          : OWN_BOX.has(op.type)
            ? layer(`#${groups.length}`, op.type)
            : Math.max(...before);
      const group = groups[index]!;
      layers.set(value, index);
      for (const each of before) if (each !== index) group.from.add(each);
      for (const each of own) {
        if (!counted.has(each)) group.parameters += sizeOf(each.shape);
        counted.add(each);
      }
      // Operations on the input before the first layer do not make a layer.
      if (index === layers.get(from)) continue;
      if (!PLUMBING.has(op.type) && op.type !== group.name) group.operators.add(op.type);
    }
    const index = layers.get(value);
    if (index !== undefined) groups[index]!.shape = value.shape;
  }
  return groups.map(({ name, operators, shape, parameters, from: sources }) => ({
    name,
    operators: [...operators],
    shape: [...shape],
    parameters,
    from: [...sources].sort((a, b) => a - b),
  }));
}

/** `encoder/dense_0/weight` belongs to `encoder/dense_0`. */
function prefixOf({ name }: Variable): string {
  return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : name;
}
