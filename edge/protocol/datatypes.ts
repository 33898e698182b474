/** Elements of tensors, by type: in JSON, and in the binary tensor data extension. */
import type { TensorSpec } from '../../shared/manifest.ts';
import type { Datatype } from '../../shared/protocol.ts';
import { shortestFloats } from '../../shared/shortestFloat.ts';
import { describeJson, type NumberTensor, type Tensor } from '../../shared/tensor.ts';

/** Throws a problem for the element at `index`. */
export type Refuse = (index: number, expected: string, received: string) => never;

/** The JSON values of a tensor in row-major order, in the innermost arrays of the request. */
export type Leaves = readonly (readonly unknown[])[];

export interface ElementCodec<Data extends Tensor['data']> {
  /** The protocol's name for the type. */
  readonly name: Datatype;
  /** Decodes elements from JSON. */
  fromJson(leaves: Leaves, count: number, refuse: Refuse): Data;
  /** Decodes elements from bytes at any offset; undefined if these are not exactly `count` elements. */
  fromBytes(bytes: Uint8Array<ArrayBuffer>, count: number, refuse: Refuse): Data | undefined;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Numbers are little-endian, as Workers are; a text is its length, as a little-endian uint32, and its UTF-8
 * bytes.
 */
export const DATATYPES = {
  float32: {
    name: 'FP32',
    fromJson(leaves, count, refuse) {
      return filled(new Float32Array(count), leaves, (value, index) => {
        if (typeof value === 'number') return value;
        // JSON has no NaN; several clients write null for it.
        return value === null ? Number.NaN : refuse(index, 'a number', describeJson(value));
      });
    },
    fromBytes(bytes, count) {
      return bytes.length === 4 * count ? new Float32Array(bytes.slice().buffer) : undefined;
    },
  },
  int64: {
    name: 'INT64',
    fromJson(leaves, count, refuse) {
      return filled(new BigInt64Array(count), leaves, (value, index) => {
        // JSON.parse has rounded larger ones already.
        if (Number.isSafeInteger(value)) return BigInt(value as number);
        return refuse(
          index,
          'a whole number within 2^53 (binary data holds larger ones)',
          describeJson(value),
        );
      });
    },
    fromBytes(bytes, count) {
      return bytes.length === 8 * count ? new BigInt64Array(bytes.slice().buffer) : undefined;
    },
  },
  string: {
    name: 'BYTES',
    fromJson(leaves, count, refuse) {
      return filled(new Array<string>(count), leaves, (value, index) =>
        typeof value === 'string' ? value : refuse(index, 'a string', describeJson(value)),
      );
    },
    fromBytes(bytes, count, refuse) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const texts: string[] = [];
      let offset = 0;
      while (texts.length < count && offset + 4 <= bytes.length) {
        const start = offset + 4;
        offset = start + view.getUint32(offset, true);
        if (offset > bytes.length) return undefined;
        texts.push(decodeUtf8(bytes.subarray(start, offset)) ?? refuse(texts.length, 'UTF-8', 'other bytes'));
      }
      return texts.length === count && offset === bytes.length ? texts : undefined;
    },
  },
} as const satisfies {
  [dtype in TensorSpec['dtype']]: ElementCodec<Extract<Tensor, { dtype: dtype }>['data']>;
};

/** Returns elements as short JSON numbers; those of int64 are exact, as no such output of our graphs exceeds 2^53. */
export function toJson({ dtype, data }: NumberTensor): number[] {
  return dtype === 'float32' ? shortestFloats(data) : Array.from(data, Number);
}

/** Fills `data` with the elements of JSON. */
export function filled<Element, Data extends { [index: number]: Element }>(
  data: Data,
  leaves: Leaves,
  element: (value: unknown, index: number) => Element,
): Data {
  let index = 0;
  for (const leaf of leaves) {
    for (const value of leaf) {
      data[index] = element(value, index);
      index++;
    }
  }
  return data;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
