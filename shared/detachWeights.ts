/**
 * Loading an ONNX model without copies of its weights. Given the bytes of a model, onnxruntime copies them
 * into its memory, parses them into messages, and copies the weights out of these. That takes three times
 * their size, and WebAssembly memory never shrinks. External weights are read in place.
 */
import { concatenated } from './bytes.ts';

/** Smaller tensors stay in the model: shapes must be there, and a reference would be as long. */
const MIN_BYTES = 1024;

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR = { rawData: 9, externalData: 13, dataLocation: 14 } as const;
const EXTERNAL = 1;

/** Wire types of protobuf. */
const VARINT = 0;
const BYTES = 2;

/**
 * Returns the model with its larger initializers replaced by references into `model` itself, as an external
 * file named `path`; a few kilobytes remain. Load both with `InferenceSession.create(detached, {
 * externalData: [{ path, data: model }] })`.
 * @throws {Error} if the bytes are not protobuf.
 */
export function detachWeights(model: Uint8Array, path: string): Uint8Array<ArrayBuffer> {
  return rewrite(model, 0, model.length, MODEL_GRAPH, (start, end) =>
    rewrite(model, start, end, GRAPH_INITIALIZER, (from, to) => detached(model, from, to, path)),
  );
}

/** Copies the message between two positions, with the content of every field numbered `field` replaced. */
function rewrite(
  model: Uint8Array,
  start: number,
  end: number,
  field: number,
  replace: (start: number, end: number) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const each of fields(model, start, end)) {
    if (each.number !== field) parts.push(model.subarray(each.at, each.end));
    else parts.push(...bytesField(field, replace(each.start, each.end)));
  }
  return concatenated(parts);
}

/** Returns a tensor whose data is replaced by its position in the external file. */
function detached(model: Uint8Array, start: number, end: number, path: string): Uint8Array {
  const all = [...fields(model, start, end)];
  const data = all.find(({ number }) => number === TENSOR.rawData);
  if (data === undefined || data.end - data.start < MIN_BYTES) return model.subarray(start, end);
  const entries = { location: path, offset: data.start, length: data.end - data.start };
  return concatenated([
    ...all.filter((each) => each !== data).map((each) => model.subarray(each.at, each.end)),
    ...Object.entries(entries).flatMap(([key, value]) =>
      bytesField(
        TENSOR.externalData,
        concatenated([...bytesField(1, utf8(key)), ...bytesField(2, utf8(String(value)))]),
      ),
    ),
    Uint8Array.of((TENSOR.dataLocation << 3) | VARINT, EXTERNAL),
  ]);
}

interface Field {
  readonly number: number;
  /** Position of its tag. */
  readonly at: number;
  /** Position of its content, after the length. */
  readonly start: number;
  readonly end: number;
}

/** Yields the fields of a message: varints, bytes, and 32-bit and 64-bit numbers. */
function* fields(model: Uint8Array, start: number, end: number): Generator<Field> {
  let position = start;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = model[position++];
      if (byte === undefined) throw new Error('the model ends within a field: it is not an ONNX file');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (position < end) {
    const at = position;
    const tag = varint();
    const type = tag & 7;
    if (type === VARINT) {
      const from = position;
      varint();
      yield { number: tag >>> 3, at, start: from, end: position };
      continue;
    }
    const length = type === BYTES ? varint() : type === 5 ? 4 : type === 1 ? 8 : Number.NaN;
    const from = position;
    position += length;
    if (!(position <= end))
      throw new Error('the model has a field that does not end: it is not an ONNX file');
    yield { number: tag >>> 3, at, start: from, end: position };
  }
}

function bytesField(number: number, content: Uint8Array): Uint8Array[] {
  const header = [(number << 3) | BYTES];
  let length = content.length;
  for (; length >= 128; length = Math.floor(length / 128)) header.push((length % 128) | 128);
  return [Uint8Array.of(...header, length), content];
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
