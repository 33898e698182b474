/** Checks of values that have the right type, but may still be invalid. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Tensor } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import type { RefuseRow } from '../requests/rows/faults.ts';
import { type ServedGraph, servedLayout } from './served.ts';
import { elementOf } from './wrong.ts';

/**
 * Requires finite numbers and nonempty categories, except for optional features, which may be NaN or empty;
 * `refuse` hears of each row with another value. Int64 inputs are item numbers, or the number of items to
 * return.
 * @throws {ProblemError} `invalid-number` or `unknown-item` for the first wrong one of these.
 */
export function checkValues(served: ServedGraph, name: string, tensor: Tensor, refuse: RefuseRow): void {
  const { shape } = tensor;
  if (tensor.dtype === 'int64') {
    assertRange(served.manifest, name, tensor.data, shape);
    return;
  }
  const { data } = tensor;
  const mayMiss = optionalElements(served, name);
  const width = data.length / shape[0]!;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (typeof value === 'string' ? value !== '' : Number.isFinite(value)) continue;
    const isMissing = typeof value === 'string' || Number.isNaN(value);
    if (isMissing && mayMiss(i)) continue;
    const place = elementOf(name, shape, i);
    refuse(Math.floor(i / width), isMissing ? missing(place) : notFiniteElement(place, value));
  }
}

function missing(place: string): ProblemError {
  const detail = `${place} is missing, and the model does not impute it; send a value.`;
  return new ProblemError('missing-feature', { detail });
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
