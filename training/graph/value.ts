/** Making values: inputs, variables, constants, and the results of operators. */
import type {
  Attributes,
  Constant,
  DataType,
  Input,
  Node,
  NoiseDistribution,
  NumberTensor,
  Op,
  Progress,
  Result,
  Shape,
  TensorType,
  Value,
  Variable,
} from './types.ts';

/** A graph that cannot be: the message names the operator, the values and their shapes. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** A value that the caller feeds at every run, for instance `input('rows', ['N', 784])`. */
export function input(name: string, shape: Shape, dtype: DataType = 'float32'): Input {
  return { kind: 'input', name, dtype, shape };
}

/** Random numbers that the training session draws afresh at every step; the first dimension is usually the batch. */
export function noise(name: string, shape: Shape, distribution: NoiseDistribution): Input {
  return { kind: 'input', name, dtype: 'float32', shape, source: { kind: 'noise', distribution } };
}

/** A float32 scalar that the training session computes at every step. */
export function scheduled(name: string, value: (progress: Progress) => number): Input {
  return { kind: 'input', name, dtype: 'float32', shape: [], source: { kind: 'schedule', value } };
}

/**
 * A float32 weight or other state.
 * @throws {GraphError} when `initial` does not hold exactly the shape's number of values.
 */
export function variable(name: string, shape: readonly number[], initial: Float32Array): Variable {
  const size = sizeOf(shape);
  if (initial.length !== size) {
    throw new GraphError(
      `variable '${name}': shape ${formatShape(shape)} holds ${size} values, received ${initial.length}`,
    );
  }
  return { kind: 'variable', name, dtype: 'float32', shape, initial };
}

export function constant(tensor: NumberTensor): Constant {
  return { kind: 'constant', dtype: tensor.dtype, shape: tensor.shape, tensor };
}

/** A float32 constant of shape `[]`. */
export function scalar(value: number): Constant {
  return constant({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
}

/** A float32 constant vector. */
export function float32s(values: ArrayLike<number>): Constant {
  return constant({ dtype: 'float32', shape: [values.length], data: Float32Array.from(values) });
}

/** An int64 constant vector, as ONNX takes axes and shapes. */
export function int64s(values: readonly number[]): Constant {
  return constant({
    dtype: 'int64',
    shape: [values.length],
    data: BigInt64Array.from(values, (value) => BigInt(value)),
  });
}

/**
 * Applies an operator and returns all its outputs.
 * @throws {GraphError} when the operator's shape rule refuses the inputs.
 */
export function applyAll(op: Op, inputs: readonly Value[], attributes: Attributes = {}): readonly Result[] {
  if (op.domain === undefined && inputs.some(({ dtype }) => dtype === 'string'))
    throw shapeError(op.type, 'needs numbers: make numbers of strings first', inputs);
  const outputs: Result[] = [];
  const node: Node = { op, inputs, attributes, outputs };
  for (const { dtype, shape } of op.infer(inputs, attributes)) {
    outputs.push({ kind: 'result', dtype, shape, node, index: outputs.length });
  }
  return outputs;
}

/** Applies an operator and returns its first output. */
export function apply(op: Op, inputs: readonly Value[], attributes: Attributes = {}): Result {
  return applyAll(op, inputs, attributes)[0]!;
}

/** Number of values in a tensor of fixed sizes. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** `[N, 784]` */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** How errors name a value: its own name, or the operator that made it with the names of what it was made from. */
export function describe(value: Value): string {
  return `'${label(value)}' ${value.dtype}${formatShape(value.shape)}`;
}

function label(value: Value, depth = 2): string {
  switch (value.kind) {
    case 'constant':
      return 'constant';
    case 'result':
      if (depth === 0) return value.node.op.type;
      return `${value.node.op.type}(${value.node.inputs.map((each) => label(each, depth - 1)).join(', ')})`;
    default:
      return value.name;
  }
}

/** The error of a shape rule: `Gemm: inner dimensions 784 and 128 differ: 'rows' [N, 784], 'weight' [128, 32]`. */
export function shapeError(op: string, problem: string, inputs: readonly Value[]): GraphError {
  return new GraphError(`${op}: ${problem}: received ${inputs.map(describe).join(' and ')}`);
}

/** The type of a float32 result of the given shape, as shape rules return it. */
export function float32(shape: Shape): readonly TensorType[] {
  return [{ dtype: 'float32', shape }];
}
