/** Elements of the inputs that files from elsewhere declare: graphs take them as float32, or as text. */
import { float16Value } from '../../shared/float16.ts';
import type { FileDtype } from '../../shared/manifest.ts';
import type { Datatype } from '../../shared/protocol.ts';
import { describeJson } from '../../shared/tensor.ts';
import { DATATYPES, type ElementCodec, filled, type Refuse } from './datatypes.ts';

export const FILE_DATATYPES: Record<FileDtype, ElementCodec<Float32Array | readonly string[]>> = {
  float32: DATATYPES.float32,
  float64: numbers('FP64', 8, (view, offset) => view.getFloat64(offset, true)),
  float16: numbers('FP16', 2, (view, offset) => float16Value(view.getUint16(offset, true))),
  int8: integers('INT8', 1, (view, offset) => view.getInt8(offset), [-(2 ** 7), 2 ** 7 - 1]),
  int16: integers('INT16', 2, (view, offset) => view.getInt16(offset, true), [-(2 ** 15), 2 ** 15 - 1]),
  int32: integers('INT32', 4, (view, offset) => view.getInt32(offset, true), [-(2 ** 31), 2 ** 31 - 1]),
  int64: integers('INT64', 8, (view, offset) => view.getBigInt64(offset, true), [-(2 ** 63), 2 ** 63 - 1]),
  uint8: integers('UINT8', 1, (view, offset) => view.getUint8(offset), [0, 2 ** 8 - 1]),
  uint16: integers('UINT16', 2, (view, offset) => view.getUint16(offset, true), [0, 2 ** 16 - 1]),
  uint32: integers('UINT32', 4, (view, offset) => view.getUint32(offset, true), [0, 2 ** 32 - 1]),
  uint64: integers('UINT64', 8, (view, offset) => view.getBigUint64(offset, true), [0, 2 ** 64 - 1]),
  bool: integers('BOOL', 1, (view, offset) => view.getUint8(offset), [0, 1]),
  string: DATATYPES.string,
};

type ReadElement = (view: DataView, offset: number) => number | bigint;
type Check = (value: number, index: number, refuse: Refuse) => number;

function numbers(
  name: Datatype,
  size: number,
  read: ReadElement,
  check: Check = (value) => value,
): ElementCodec<Float32Array> {
  return {
    name,
    fromJson(leaves, count, refuse) {
      return filled(new Float32Array(count), leaves, (value, index) => {
        if (typeof value === 'number') return check(value, index, refuse);
        if (name === 'BOOL' && typeof value === 'boolean') return Number(value);
        if (name.startsWith('FP') && value === null) return Number.NaN;
        return refuse(index, name === 'BOOL' ? 'true or false' : 'a number', describeJson(value));
      });
    },
    fromBytes(bytes, count, refuse) {
      if (bytes.length !== size * count) return undefined;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = check(Number(read(view, i * size)), i, refuse);
      return values;
    },
  };
}

/** Whole numbers that float32 holds: all up to 2^24, which would silently become others beyond it. */
function integers(
  name: Datatype,
  size: number,
  read: ReadElement,
  [low, high]: readonly [number, number],
): ElementCodec<Float32Array> {
  return numbers(name, size, read, (value, index, refuse) => {
    if (Number.isInteger(value) && value >= low && value <= high && Math.fround(value) === value)
      return value;
    const most = Math.min(high, 2 ** 24);
    return refuse(index, `a whole number from ${Math.max(low, -(2 ** 24))} to ${most}`, String(value));
  });
}
