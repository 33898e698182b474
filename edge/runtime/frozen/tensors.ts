/** Tensors in the memory of a runtime. */
import type { NumberTensor, Tensor } from '../../../shared/tensor.ts';
import type { Instance, Views } from './instance.ts';

/** `ONNXTensorElementDataType` */
export const ELEMENT = { float32: 1, int64: 7, string: 8 } as const;
/** Bytes of a vector register. */
export const ALIGNMENT = 16;
/** Words that `readTensor` needs for its results. */
export const READ_WORDS = 4;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export function viewsOf(instance: Instance): Views {
  const { buffer } = instance.memory;
  if (instance.views?.words.buffer !== buffer) {
    const [words, floats, bytes] = [
      new Uint32Array(buffer),
      new Float32Array(buffer),
      new Uint8Array(buffer),
    ];
    instance.views = { words, floats, bytes };
  }
  return instance.views!;
}

/** The memory as words of 32 bits. */
export function wordsOf(instance: Instance): Uint32Array {
  return viewsOf(instance).words;
}

/**
 * A tensor in the form of the C API: numbers unchanged; strings as addresses, followed by their UTF-8 bytes.
 */
export interface EncodedTensor {
  /** Bytes of the numbers or the addresses. */
  readonly dataBytes: number;
  /** Bytes in total. */
  readonly bytes: number;
  /** Writes the tensor to an aligned address. */
  write(memory: Views, address: number): void;
}

export function encodeTensor({ dtype, data }: Tensor): EncodedTensor {
  if (dtype === 'float32') {
    const { byteLength: bytes } = data;
    return { dataBytes: bytes, bytes, write: ({ floats }, address) => floats.set(data, address >>> 2) };
  }
  if (dtype === 'int64') {
    const { byteLength: bytes, byteOffset, buffer } = data;
    const source = new Uint8Array(buffer, byteOffset, bytes);
    return { dataBytes: bytes, bytes, write: (memory, address) => memory.bytes.set(source, address) };
  }
  const texts = data.map((text) => new TextEncoder().encode(`${text}\0`));
  const dataBytes = 4 * texts.length;
  return {
    dataBytes,
    bytes: texts.reduce((sum, { length }) => sum + length, dataBytes),
    write: ({ words, bytes }, address) => {
      let next = address + dataBytes;
      for (const [i, text] of texts.entries()) {
        words[(address >>> 2) + i] = next;
        bytes.set(text, next);
        next += text.length;
      }
    },
  };
}

/**
 * Returns a copy of the tensor at `address`; `scratch` is the address of `READ_WORDS` words.
 * @throws {Error} if it does not hold numbers.
 */
export function readTensor(instance: Instance, address: number, scratch: number): NumberTensor {
  const { api, memory } = instance;
  const at = scratch >>> 2;
  const code = api.OrtGetTensorData(address, scratch, scratch + 4, scratch + 8, scratch + 12);
  if (code !== 0) throw new Error(`OrtGetTensorData returned ${code}`);
  const { words, floats } = viewsOf(instance);
  const [element, data, dims, rank] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
  const shape: number[] = [];
  let count = 1;
  for (let i = 0; i < rank; i++) {
    const size = words[(dims >>> 2) + i]!;
    shape.push(size);
    count *= size;
  }
  api.OrtFree(dims);
  if (element === ELEMENT.float32) {
    return { dtype: 'float32', shape, data: floats.slice(data >>> 2, (data >>> 2) + count) };
  }
  if (element === ELEMENT.int64) {
    return { dtype: 'int64', shape, data: new BigInt64Array(memory.buffer, data, count).slice() };
  }
  throw new Error(`expected an output of float32 or int64, received element type ${element}`);
}

/** Returns the message of onnxruntime's last error. */
export function lastError(instance: Instance): string {
  const { api } = instance;
  const answer = api.malloc(8);
  api.OrtGetLastError(answer, answer + 4);
  const text = textAt(instance, wordsOf(instance)[(answer >>> 2) + 1]!);
  api.free(answer);
  return text;
}

/** Returns the C string at an address. */
export function textAt({ memory }: Instance, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  // A copy: text is not decoded from shared memory.
  return new TextDecoder().decode(bytes.slice(address, bytes.indexOf(0, address)));
}
