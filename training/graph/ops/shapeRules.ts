/** Shape rules that several families of operators share. */
import type { Dimension, Shape, TensorType, Value } from '../types.ts';
import { float32, shapeError } from '../value.ts';

/**
 * Returns the shape of NumPy-style broadcasting (ONNX specification, "Multidirectional Broadcasting"). A
 * symbolic dimension broadcasts only with itself and with 1.
 * @throws {GraphError} if the shapes do not broadcast.
 */
export function broadcast(op: string, inputs: readonly Value[]): Shape {
  const rank = Math.max(...inputs.map((value) => value.shape.length));
  const shape: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizes = inputs.map((value) => value.shape[value.shape.length - rank + axis] ?? 1);
    const size = sizes.find((each) => each !== 1) ?? 1;
    if (sizes.some((each) => each !== 1 && each !== size))
      throw shapeError(op, 'shapes do not broadcast', inputs);
    shape.push(size);
  }
  return shape;
}

/** The shape rule of elementwise operators on float32 values with broadcasting. */
export function elementwise(op: string): (inputs: readonly Value[]) => readonly TensorType[] {
  return (inputs) => {
    requireFloat32(op, inputs);
    return float32(broadcast(op, inputs));
  };
}

export function requireFloat32(op: string, inputs: readonly Value[]): void {
  if (inputs.some((value) => value.dtype !== 'float32')) throw shapeError(op, 'needs float32 values', inputs);
}

/** Returns axes counted from the front, ascending, and checks them against the rank. */
export function normalizeAxes(op: string, value: Value, axes: readonly number[]): readonly number[] {
  const rank = value.shape.length;
  const normalized = axes.map((axis) => {
    const normal = axis < 0 ? axis + rank : axis;
    if (normal < 0 || normal >= rank) throw shapeError(op, `axis ${axis} is outside rank ${rank}`, [value]);
    return normal;
  });
  return normalized.sort((a, b) => a - b);
}

/** Returns the shape without the given axes, or with 1 in their place. */
export function reduceShape(shape: Shape, axes: readonly number[], keepDimensions: boolean): Shape {
  return keepDimensions
    ? shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension))
    : shape.filter((_, axis) => !axes.includes(axis));
}
