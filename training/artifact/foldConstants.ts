/**
 * Constant folding: computes once what a finished model would otherwise compute from its weights at every
 * run.
 */
import { evaluateOnce } from '../engines/inference.ts';
import { toOnnx } from '../graph/onnx.ts';
import { transposeOp } from '../graph/ops/transpose.ts';
import { substitute } from '../graph/substitute.ts';
import { topological, variablesOf } from '../graph/traverse.ts';
import type { Value, Weights } from '../graph/types.ts';
import { constant, variable } from '../graph/value.ts';
import type { Autoencoder } from '../models/model.ts';

/** Suffix of the names of transposed weights. */
export const TRANSPOSED = '/transposed';

/** Suffix of the names of values that stand in for a weight. */
export const STAND_IN = '/stand_in';

export interface Folded {
  readonly outputs: Readonly<Record<string, Value>>;
  /** All weights, including those computed from others. */
  readonly weights: Weights;
}

/**
 * Replaces every value that depends on no input by its result, such as weights scaled by a normalisation.
 * Weights that are used nowhere else are then no longer part of the graph. Transposed weights are named after the weight,
 * so that it can be restored, and so are values that stand in for one, so that training can go on from them.
 */
export async function foldConstants(
  outputs: Readonly<Record<string, Value>>,
  weights: Weights,
  standIns: Autoencoder['standIns'] = {},
): Promise<Folded> {
  const standingIn = new Map(Object.entries(standIns).map(([name, value]) => [value, name + STAND_IN]));
  const folded: Record<string, Value> = {};
  for (const [i, value] of foldable(Object.values(outputs)).entries()) {
    const name = standingIn.get(value) ?? transposedName(value);
    folded[name === undefined || Object.hasOwn(folded, name) ? `folded_${i}` : name] = value;
  }
  if (Object.keys(folded).length === 0) return { outputs: { ...outputs }, weights };
  const tensors = await evaluateOnce(toOnnx({ name: 'fold', inputs: [], outputs: folded, weights }));
  const made = new Map<string, Float32Array>();
  const replacements = Object.entries(folded).map(([name, value]): [Value, Value] => {
    const tensor = tensors[name]!;
    if (tensor.dtype !== 'float32' || variablesOf([value]).length === 0) return [value, constant(tensor)];
    made.set(name, tensor.data);
    return [value, variable(name, tensor.shape, tensor.data)];
  });
  const remade = substitute(Object.values(outputs), new Map(replacements));
  return {
    outputs: Object.fromEntries(Object.keys(outputs).map((name, i) => [name, remade[i]!])),
    weights: new Map([...weights, ...made]),
  };
}

function transposedName(value: Value): string | undefined {
  if (value.kind !== 'result' || value.node.op !== transposeOp) return undefined;
  const [of] = value.node.inputs;
  return of?.kind === 'variable' && of.shape.length === 2 ? of.name + TRANSPOSED : undefined;
}

/** Results that depend on no input, and are outputs or operands of a value that depends on one. */
function foldable(roots: readonly Value[]): Value[] {
  const order = topological(roots);
  const fixed = new Set<Value>();
  const used = new Set<Value>(roots);
  for (const value of order) {
    const inputs = value.kind === 'result' ? value.node.inputs : [];
    if (value.kind !== 'input' && inputs.every((each) => fixed.has(each))) fixed.add(value);
    else for (const each of inputs) used.add(each);
  }
  return order.filter((value) => value.kind === 'result' && fixed.has(value) && used.has(value));
}
