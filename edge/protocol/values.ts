/** Checks of values that have the right type, but may still be invalid. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Tensor } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { type ServedGraph, servedLayout } from './served.ts';
import { elementOf } from './wrong.ts';

/**
 * Requires finite numbers and nonempty categories, except for optional features, which may be NaN or empty.
 * Int64 inputs are item numbers, or the number of items to return.
 * @throws {ProblemError} `invalid-number`, `missing-feature` or `unknown-item`, naming the first wrong
 * element.
 */
export function assertValues(served: ServedGraph, name: string, tensor: Tensor): void {
  const { shape } = tensor;
  const mayMiss = optionalElements(served, name);
  const missing = (index: number): ProblemError => {
    const place = elementOf(name, shape, index);
    const detail = `${place} is missing, and the model does not impute it; send a value.`;
    return new ProblemError('missing-feature', { detail });
  };
  if (tensor.dtype === 'string') {
    const index = tensor.data.findIndex((text, i) => text === '' && !mayMiss(i));
    if (index >= 0) throw missing(index);
  } else if (tensor.dtype === 'int64') {
    assertRange(served.manifest, name, tensor.data, shape);
  } else {
    const { data } = tensor;
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      if (!Number.isNaN(data[i])) throw notFiniteElement(elementOf(name, shape, i), data[i]!);
      if (!mayMiss(i)) throw missing(i);
    }
  }
}

/** Returns a predicate by index: true for elements of an input that a row may leave out. */
function optionalElements({ manifest, graph }: ServedGraph, name: string): (index: number) => boolean {
  const { input, columns, width, isOptional } = servedLayout(manifest, graph);
  if (name === input) return (index) => isOptional(index % width);
  const column = columns.findIndex((each) => each.input === name);
  return () => column >= 0 && isOptional(column);
}

function notFiniteElement(place: string, value: number): ProblemError {
  const [expected, received] = ['a finite float32 number', String(value)];
  const detail = `${place}: expected ${expected}, received ${received}.`;
  return new ProblemError('invalid-number', { detail, expected, received });
}

/** Requires item numbers and `k` within range: the runtime fails on other indices, or returns wrong items. */
function assertRange({ features }: Manifest, name: string, data: BigInt64Array, shape: readonly number[]) {
  const isList = shape.length === 2;
  // In lists of several users, -1 pads the shorter ones.
  const [low, high] = name === 'k' ? [1, features.count] : [isList ? -1 : 0, features.count - 1];
  const index = data.findIndex((value) => value < low || value > high);
  if (index < 0) return;
  const [expected, received] = [`${low} to ${high}`, String(data[index])];
  const detail = `${elementOf(name, shape, index)}: expected ${expected}, received ${received}.`;
  throw new ProblemError(name === 'k' ? 'invalid-number' : 'unknown-item', { detail, expected, received });
}
