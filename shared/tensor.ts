/**
 * Row-major float32 matrices, the in-memory form of rows and codes on both sides; and tensors, as runtimes
 * take them.
 */
import { shortestFloats } from './shortestFloat.ts';

/** Numbers of a fixed shape, row-major. */
export type NumberTensor =
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

/** Numbers or strings of a fixed shape, row-major. */
export type Tensor =
  | NumberTensor
  | { readonly dtype: 'string'; readonly shape: readonly number[]; readonly data: readonly string[] };

/** Tensors by the names of a graph's inputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Returns a matrix as the tensor `[rowCount, width]`, without a copy. */
export function tensorOf({ data, rowCount, width }: Matrix): NumberTensor {
  return { dtype: 'float32', data, shape: [rowCount, width] };
}

/** Returns a float32 tensor `[N]` or `[N, width]` as a matrix, without a copy. @throws {Error} for int64. */
export function matrixOf({ dtype, data, shape }: NumberTensor): Matrix {
  if (dtype !== 'float32') throw new Error(`expected a float32 tensor, received ${dtype}`);
  const [rowCount = 1, width = 1] = shape;
  // Tensors are never in shared memory here.
  return { data: data as Float32Array<ArrayBuffer>, rowCount, width };
}

/** Returns row-major values of `rowCount` rows as a matrix, without a copy. */
export function asMatrix(data: Float32Array<ArrayBuffer>, rowCount: number): Matrix {
  return { data, rowCount, width: data.length / rowCount };
}

/** Returns the values as little-endian bytes, without a copy; Workers run on little-endian machines only. */
export function bytesOf({ data }: { readonly data: NumberTensor['data'] }): Uint8Array<ArrayBuffer> {
  // Tensors are never in shared memory here.
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** `rowCount` rows of `width` float32 values, row-major: value (r, c) is `data[r * width + c]`. */
export interface Matrix {
  readonly data: Float32Array<ArrayBuffer>;
  readonly rowCount: number;
  readonly width: number;
}

/**
 * A matrix of its nonzero values only (compressed sparse rows): row r has `values[i]` in column `columns[i]`
 * for i from `rowStarts[r]` up to `rowStarts[r + 1]`, columns ascending.
 */
export interface SparseMatrix {
  /** Length `rowCount + 1`. */
  readonly rowStarts: Uint32Array;
  readonly columns: Uint32Array;
  /** Same length as `columns`; null if every value is 1. */
  readonly values: Float32Array | null;
  /** When each value was observed, in any unit, if that is known; same length as `columns`. No model sees it. */
  readonly times?: Float64Array;
  readonly rowCount: number;
  readonly width: number;
}

/** Dense or sparse rows. */
export type Rows = Matrix | SparseMatrix;

export function isSparse(rows: object): rows is SparseMatrix {
  return 'rowStarts' in rows;
}

/** A row that cannot be packed; `row` and `column` count from 0. */
export class RowError extends Error {
  override readonly name = 'RowError';
  constructor(
    readonly row: number,
    readonly column: number | undefined,
    readonly expected: string,
    readonly received: string,
  ) {
    const place = column === undefined ? `row ${row}` : `row ${row}, column ${column}`;
    super(`${place}: expected ${expected}, received ${received}`);
  }
}

/**
 * Packs arrays of numbers and checks them: every row has `width` values, and every value is finite in
 * float32. If values may be `missing`, null and NaN are accepted too, and become NaN.
 * @throws {RowError} naming the first bad row and column.
 */
export function packRows(rows: readonly unknown[], width: number, missing = false): Matrix {
  const data = new Float32Array(rows.length * width);
  let offset = 0;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    if (!Array.isArray(row))
      throw new RowError(r, undefined, `an array of ${width} numbers`, describeJson(row));
    if (row.length !== width) throw new RowError(r, undefined, `${width} numbers`, `${row.length}`);
    for (let c = 0; c < width; c++) {
      const value: unknown = row[c];
      if (missing && (value === null || Number.isNaN(value))) {
        data[offset++] = Number.NaN;
        continue;
      }
      if (typeof value !== 'number') throw new RowError(r, c, 'a number', describeJson(value));
      data[offset] = value;
      // Checked after the store: a float64 beyond float32's range becomes infinite there.
      if (!Number.isFinite(data[offset])) throw new RowError(r, c, 'a finite float32 number', String(value));
      offset++;
    }
  }
  return { data, rowCount: rows.length, width };
}

/**
 * Checks that every value is finite.
 * @throws {RowError} naming the first bad row and column.
 */
export function assertFinite(matrix: Matrix): void {
  const { data, width } = matrix;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new RowError(Math.floor(i / width), i % width, 'a finite float32 number', String(data[i]));
    }
  }
}

/** Returns the rows as arrays of numbers whose JSON is short, and which are the same values as float32. */
export function unpackRows(matrix: Matrix): number[][] {
  const rows: number[][] = new Array(matrix.rowCount);
  for (let r = 0; r < matrix.rowCount; r++) {
    rows[r] = shortestFloats(matrix.data.subarray(r * matrix.width, (r + 1) * matrix.width));
  }
  return rows;
}

/** Describes a JSON value for messages, without quoting text of the caller. */
export function describeJson(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'object') return 'an object';
  return `${typeof value} ${String(value)}`;
}
