/**
 * Matrices whose columns are mostly zeros, stored as the positions and the values of the others.
 *
 * ONNX has no product with such a matrix. A block of columns is made dense, and multiplied: in onnxruntime-web's WASM
 * build, that takes less time than adding up gathered values, a position of each column at a time, and about as much as a
 * product with the dense matrix stored as float16, which has five times the bytes where an eighth of the values is kept.
 */
import { type onnx, TensorProto } from '../schema.ts';
import { type NarrowType, type NarrowWeight, narrowed, type WeightTensor, widened } from './narrow.ts';

/** Smallest number of rows for each value of a column: with positions, too, all storage types then save bytes. */
const ROWS_PER_VALUE = 4;

/** Values of a matrix below which it is stored whole: the nodes for less would not be worth the bytes. */
const SMALLEST = 2 ** 14;

/** uint8 or uint16. */
export type PositionType = onnx.TensorProto.DataType;

export interface SparseColumns {
  /** Rows and columns of the matrix. */
  readonly dims: readonly [number, number];
  /** Values stored of each column. */
  readonly count: number;
  /** Rows of the values, `[count, columns]`, distinct within a column and ascending. */
  readonly positions: { readonly dataType: PositionType; readonly data: Uint8Array };
  /** The values, `[count, columns]`; their scales, if any, are one per column. */
  readonly values: NarrowWeight;
  readonly type: NarrowType;
}

/** Stores float32 values unchanged. */
export const FLOAT32: NarrowType = {
  dataType: TensorProto.DataType.FLOAT,
  store: ({ values }) => ({ data: bytesOf(values) }),
  numbers: (data) => new Float32Array(Uint8Array.from(data).buffer),
};

/**
 * Returns the sparse form of a weight; undefined unless it is a matrix of some size with few values other than 0 in each
 * column.
 * @param type Storage type of the values; null stores them unchanged.
 */
export function sparseColumns(weight: WeightTensor, type: NarrowType | null): SparseColumns | undefined {
  const { name, dims, values } = weight;
  const [rows, columns] = dims as [number, number];
  if (dims.length !== 2 || rows > 65_536 || values.length < SMALLEST) return undefined;
  const counts = nonZerosOf(values, columns);
  const count = counts.reduce((most, each) => Math.max(most, each), 0);
  if (count === 0 || count * ROWS_PER_VALUE > rows) return undefined;
  const places = rows <= 256 ? new Uint8Array(count * columns) : new Uint16Array(count * columns);
  const picked = new Float32Array(count * columns);
  for (let column = 0; column < columns; column++) {
    // Zeros fill up the columns that have fewer values, because a position must not occur twice.
    let zeros = count - counts[column]!;
    for (let row = 0, i = column; i < places.length; row++) {
      const value = values[row * columns + column]!;
      if (value === 0 && zeros-- <= 0) continue;
      places[i] = row;
      picked[i] = value;
      i += columns;
    }
  }
  const form = { name, dims: [count, columns], values: picked };
  const own = type && narrowed(type, form);
  // A lookup of columns needs a scale for each, if any.
  const fits = own && (own.scale === undefined || own.scale.axis === 1);
  return {
    ...{ dims: [rows, columns], count },
    positions: {
      dataType: rows <= 256 ? TensorProto.DataType.UINT8 : TensorProto.DataType.UINT16,
      data: bytesOf(places),
    },
    values: fits ? own : FLOAT32.store(form)!,
    type: fits ? type! : FLOAT32,
  };
}

/** Returns the dense matrix. */
export function denseColumns({ dims, count, positions, values, type }: SparseColumns): Float32Array {
  const [rows, columns] = dims;
  const bytes = Uint8Array.from(positions.data);
  const places = positions.dataType === TensorProto.DataType.UINT8 ? bytes : new Uint16Array(bytes.buffer);
  const picked = widened(type, [count, columns], values);
  const dense = new Float32Array(rows * columns);
  for (const [i, row] of places.entries()) dense[row * columns + (i % columns)] = picked[i]!;
  return dense;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Counts the values other than 0 of each column. */
function nonZerosOf(values: Float32Array, columns: number): Uint32Array {
  const counts = new Uint32Array(columns);
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) counts[i % columns]!++;
  return counts;
}
