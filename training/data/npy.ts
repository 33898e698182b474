/** NumPy's file format for one array: "NEP 1: a simple file format for NumPy arrays", versions 1 to 3. */
import { InputError } from '../../shared/errors.ts';
import { float16Value } from '../../shared/float16.ts';

/** Numbers with their dimensions, row-major. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const MAGIC = '\x93NUMPY';

type ReadNumber = (view: DataView, offset: number, littleEndian: boolean) => number;

/** Readers by kind and size in bytes, as in NumPy's type strings: `<f4` is a little-endian float32. */
const TYPES: Readonly<Record<string, ReadNumber>> = {
  b1: (view, offset) => view.getUint8(offset),
  u1: (view, offset) => view.getUint8(offset),
  i1: (view, offset) => view.getInt8(offset),
  u2: (view, offset, little) => view.getUint16(offset, little),
  i2: (view, offset, little) => view.getInt16(offset, little),
  u4: (view, offset, little) => view.getUint32(offset, little),
  i4: (view, offset, little) => view.getInt32(offset, little),
  u8: (view, offset, little) => Number(view.getBigUint64(offset, little)),
  i8: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  f2: (view, offset, little) => readFloat16(view.getUint16(offset, little)),
  f4: (view, offset, little) => view.getFloat32(offset, little),
  f8: (view, offset, little) => view.getFloat64(offset, little),
};

function readFloat16(half: number): number {
  const isInfiniteOrNan = (half & 0x7c00) === 0x7c00;
  return isInfiniteOrNan ? Number.NaN : float16Value(half);
}

/**
 * Parses the bytes of a `.npy` file; booleans become 0 and 1. `source` names the file in messages.
 * @throws {InputError} if it is damaged, or holds something other than integers, floats or booleans.
 */
export function parseNpy(bytes: Buffer, source: string): NpyArray {
  const { type, order, fortran, shape, count, read, width, end } = parseStart(bytes, source);
  if (bytes.length - end !== count * width) {
    throw new InputError(
      `${source}: expected ${count * width} bytes for ${type} of shape [${shape}], received ${bytes.length - end}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  const data = new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = read(view, i * width, order !== '>');
  return { shape, data: fortran ? rowMajor(data, shape) : data };
}

/**
 * Returns the number of bytes of a whole `.npy` file with this start.
 * @throws {InputError} if these bytes are not the start of such a file.
 */
export function npySize(start: Buffer, source: string): number {
  const { count, width, end } = parseStart(start, source);
  return count * width + end;
}

/** Parses the header; `width` is the number of bytes of a value, `end` the position of the first one. */
function parseStart(bytes: Buffer, source: string) {
  if (bytes.toString('latin1', 0, 6) !== MAGIC || bytes.length < 12) {
    throw new InputError(`${source}: expected a .npy file (starts with \\x93NUMPY)`);
  }
  const wide = bytes[6]! > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const { type, fortran, shape } = parseHeader(bytes.toString('latin1', start, end), source);
  const [, order, code] = /^([<>|=]?)(\w\d+)$/.exec(type) ?? [];
  const read = TYPES[code ?? ''];
  if (read === undefined) {
    throw new InputError(
      `${source}: expected an array of ${Object.keys(TYPES).join(', ')}, received ${type}; convert it with astype('float32')`,
    );
  }
  const count = shape.reduce((product, size) => product * size, 1);
  return { type, order, fortran, shape, count, read, width: Number(code!.slice(1)), end };
}

/** Parses the header: a Python dictionary literal with these three keys, as NumPy writes it. */
function parseHeader(header: string, source: string) {
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || fortran === undefined || shape === undefined) {
    throw new InputError(
      `${source}: expected descr, fortran_order and shape of one array, received ${header.trim().slice(0, 200)}`,
    );
  }
  const sizes = shape.split(',').filter((size) => size.trim() !== '');
  return { type, fortran: fortran === 'True', shape: sizes.map(Number) };
}

/** Reorders values from column-major (Fortran) to row-major order. */
function rowMajor(data: Float64Array, shape: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = new Array<number>(shape.length).fill(0);
  return data.map(() => {
    const value = data[index.reduce((sum, position, axis) => sum + position * strides[axis]!, 0)]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
    return value;
  });
}
