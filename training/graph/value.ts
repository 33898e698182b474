/** Creates values: inputs, variables, constants, and the results of operators. */
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

/** An invalid graph. The message names the operator, the values and their shapes. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** A value that the caller feeds at every run, for instance `input('rows', ['N', 784])`. */
export function input(name: string, shape: Shape, dtype: DataType = 'float32'): Input {
  return { kind: 'input', name, dtype, shape };
}

/** Random numbers that the training session draws at every step. The first dimension is usually the batch. */
export function noise(name: string, shape: Shape, distribution: NoiseDistribution): Input {
  return { kind: 'input', name, dtype: 'float32', shape, source: { kind: 'noise', distribution } };
}

/** A float32 scalar that the training session computes at every step. */
export function scheduled(name: string, value: (progress: Progress) => number): Input {
  return { kind: 'input', name, dtype: 'float32', shape: [], source: { kind: 'schedule', value } };
}

/**
 * A float32 weight or other state.
 * @throws {GraphError} if the length of `initial` does not match the shape.
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

/** An int64 constant vector, the form in which ONNX takes axes and shapes. */
export function int64s(values: readonly number[]): Constant {
  return constant({
    dtype: 'int64',
    shape: [values.length],
    data: BigInt64Array.from(values, (value) => BigInt(value)),
  });
}

/**
 * Applies an operator and returns all its outputs.
 * @throws {GraphError} if the operator's shape rule rejects the inputs.
 */
export function applyAll(op: Op, inputs: readonly Value[], attributes: Attributes = {}): readonly Result[] {
  if (op.domain === undefined && inputs.some(({ dtype }) => dtype === 'string'))
    throw shapeError(op.type, 'needs numbers: encode strings as numbers first', inputs);
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

/** Returns the number of values in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Formats a shape, for instance as `[N, 784]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** Describes a value in an error: its name, or its operator applied to its inputs, then dtype and shape. */
export function describeValue(value: Value): string {
  return `'${expression(value)}' ${value.dtype}${formatShape(value.shape)}`;
}

function expression(value: Value, depth = 2): string {
  switch (value.kind) {
    case 'constant':
      return 'constant';
    case 'result':
      if (depth === 0) return value.node.op.type;
      return `${value.node.op.type}(${value.node.inputs.map((each) => expression(each, depth - 1)).join(', ')})`;
    default:
      return value.name;
  }
}

/**
 * The error of a shape rule, for instance
 * `Gemm: inner dimensions 784 and 128 differ: received 'rows' float32[N, 784] and 'weight' float32[128, 32]`.
 */
export function shapeError(op: string, problem: string, inputs: readonly Value[]): GraphError {
  return new GraphError(`${op}: ${problem}: received ${inputs.map(describeValue).join(' and ')}`);
}

/** Output types of an operator with a single float32 output, for shape rules to return. */
export function float32(shape: Shape): readonly TensorType[] {
  return [{ dtype: 'float32', shape }];
}
