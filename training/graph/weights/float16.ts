/** Weights stored as float16 (IEEE 754 binary16): half the bytes, 3 significant digits. */
import { float16Bits, float16Value } from '../../../shared/float16.ts';
import { TensorProto } from '../schema.ts';
import { GraphError } from '../value.ts';
import type { NarrowType } from './narrow.ts';

export const float16: NarrowType = {
  dataType: TensorProto.DataType.FLOAT16,
  store: ({ name, values }) => {
    const halves = new Uint16Array(values.length);
    for (let i = 0; i < halves.length; i++) halves[i] = float16Bits(values[i]!);
    const tooLarge = halves.findIndex((half) => (half & 0x7fff) >= 0x7c00);
    if (tooLarge >= 0) {
      throw new GraphError(
        `weight '${name}': expected values that float16 can hold, up to 65504, received ${values[tooLarge]}; set weightType to float32`,
      );
    }
    return { data: new Uint8Array(halves.buffer) };
  },
  numbers: (data) => {
    // Copied, because the bytes in a message may be unaligned.
    const halves = new Uint16Array(Uint8Array.from(data).buffer);
    const values = new Float32Array(halves.length);
    for (let i = 0; i < values.length; i++) values[i] = float16Value(halves[i]!);
    return values;
  },
};
