/** Rows as little-endian float32 bytes. */
import { RowError, type Tensors } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';
import type { RefuseRow } from './faults.ts';
import type { RowLayout } from './layout.ts';
import { rowProblem } from './rowProblem.ts';

/**
 * Returns the bytes as a graph's input, without a copy. Every value must be finite, or NaN for an optional
 * feature; `refuse` hears the problem of each other row.
 * @throws {ProblemError} `unsupported-media-type` if rows hold text, `wrong-shape` for an incomplete row.
 */
export function packBinaryRows(
  bytes: Uint8Array<ArrayBuffer>,
  layout: RowLayout,
  refuse: RefuseRow,
): Tensors {
  const { width, input } = layout;
  if (input === undefined) {
    const detail = 'The rows of this model hold categories, which are text; send application/json.';
    throw new ProblemError('unsupported-media-type', { detail, offered: ['application/json'] });
  }
  const rowBytes = width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length % rowBytes !== 0) {
    const expected = `a multiple of ${rowBytes} bytes`;
    const received = `${bytes.length} bytes`;
    const detail = `A row is ${width} float32 values: expected ${expected}, received ${received}.`;
    throw new ProblemError('wrong-shape', { detail, expected, received });
  }
  // Workers run on little-endian machines only, so the bytes are the values.
  return packFloatRows(new Float32Array(bytes.buffer), layout, refuse);
}

/**
 * Returns float32 values as a graph's input, without a copy; `refuse` is as for bytes.
 * @throws {ProblemError} `wrong-shape` if rows hold text, or for an incomplete row.
 */
export function packFloatRows(
  data: Float32Array<ArrayBuffer>,
  layout: RowLayout,
  refuse: RefuseRow,
): Tensors {
  const { width, input, isOptional } = layout;
  if (input === undefined) {
    const detail = 'The rows of this model hold categories, which are text; send arrays or objects.';
    throw new ProblemError('wrong-shape', { detail });
  }
  if (data.length % width !== 0) {
    const expected = `a multiple of ${width} values`;
    const received = `${data.length} values`;
    const detail = `A row is ${width} float32 values: expected ${expected}, received ${received}.`;
    throw new ProblemError('wrong-shape', { detail, expected, received });
  }
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const column = i % width;
    if (Number.isNaN(data[i]) && isOptional(column)) continue;
    const row = Math.floor(i / width);
    refuse(row, rowProblem(layout, new RowError(row, column, 'a finite float32 number', String(data[i]))));
    i = (row + 1) * width - 1;
  }
  return { [input]: { dtype: 'float32', data, shape: [data.length / width, width] } };
}
