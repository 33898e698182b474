/** Checks of declared shapes, against the graph and against the data. */
import type { RequestInput } from '../../shared/protocol.ts';
import { ProblemError } from '../problems.ts';
import { assertCount } from '../requests/rowLimit.ts';
import type { Leaves } from './datatypes.ts';
import type { ServedTensor } from './served.ts';
import { wrongShape } from './wrong.ts';

/**
 * Checks a shape against the graph. A named dimension has one size in all inputs of a request, collected in
 * `sizes`; N is the number of rows.
 * @throws {ProblemError} `wrong-shape`, `empty-batch` or `too-many-rows`.
 */
export function assertShape(
  { name, shape }: RequestInput,
  spec: ServedTensor,
  sizes: Map<string, number>,
  maxRows: number,
): void {
  // -1 for a dimension that no earlier input has fixed.
  const known = spec.shape.map((size) => (typeof size === 'number' ? size : (sizes.get(size) ?? -1)));
  const fits = shape.length === known.length && known.every((size, i) => size === -1 || size === shape[i]);
  if (!fits) throw wrongShape(name, `shape ${JSON.stringify(known)}`, JSON.stringify(shape.slice(0, 8)));
  for (const [i, dimension] of spec.shape.entries()) {
    if (typeof dimension === 'number') continue;
    const size = shape[i]!;
    sizes.set(dimension, size);
    if (dimension === 'N') assertRows(size, maxRows);
    else if (size === 0) throw wrongShape(name, 'at least one element', 'none');
  }
}

function assertRows(rowCount: number, maxRows: number): void {
  if (rowCount === 0)
    throw new ProblemError('empty-batch', { detail: 'Send at least one row.', received: '0 rows' });
  assertCount(rowCount, maxRows);
}

/** Returns the number of elements of a tensor of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Returns the elements of JSON data that is flat, or nested exactly as its shape. Nothing is allocated for a
 * declared shape before its data has been checked.
 * @throws {ProblemError} `wrong-shape`
 */
export function leavesOf(name: string, data: readonly unknown[], shape: readonly number[]): Leaves {
  if (!Array.isArray(data[0])) {
    if (data.length === elementCount(shape)) return [data];
    throw wrongShape(name, `${elementCount(shape)} elements`, `${data.length}`);
  }
  if (shape.length < 2 || !isNested(data, shape))
    throw wrongShape(
      name,
      `data that is flat or nested as ${JSON.stringify(shape)}`,
      'data nested otherwise',
    );
  // The innermost arrays stay: flattening millions of elements takes far longer than reading them.
  return data.flat(shape.length - 2) as Leaves;
}

function isNested(data: unknown, [size, ...rest]: readonly number[]): boolean {
  if (!Array.isArray(data) || data.length !== size) return false;
  return rest.length === 0 || data.every((part) => isNested(part, rest));
}
