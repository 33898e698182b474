/** Encodes tensors, types and attributes as ONNX protobuf messages. */
import { AttributeProto, type onnx, TensorProto } from './schema.ts';
import type { AttributeKind, Attributes, NumberTensor, TensorType } from './types.ts';

const ELEMENT_TYPE: Record<TensorType['dtype'], onnx.TensorProto.DataType> = {
  float32: TensorProto.DataType.FLOAT,
  int64: TensorProto.DataType.INT64,
  string: TensorProto.DataType.STRING,
  bool: TensorProto.DataType.BOOL,
};

const { AttributeType } = AttributeProto;

type EncodeAttribute = (name: string, value: Attributes[string]) => onnx.IAttributeProto;

/** Encoders of attributes by kind, except inputs and bodies. */
export const ENCODE_ATTRIBUTE: Record<Exclude<AttributeKind, 'input' | 'body'>, EncodeAttribute> = {
  int: (name, value) => ({ name, type: AttributeType.INT, i: value as number }),
  ints: (name, value) => ({ name, type: AttributeType.INTS, ints: [...(value as readonly number[])] }),
  float: (name, value) => ({ name, type: AttributeType.FLOAT, f: value as number }),
  floats: (name, value) => ({
    name,
    type: AttributeType.FLOATS,
    floats: [...(value as readonly number[])],
  }),
  string: (name, value) => ({ name, type: AttributeType.STRING, s: utf8(value as string) }),
  strings: (name, value) => ({
    name,
    type: AttributeType.STRINGS,
    strings: (value as readonly string[]).map(utf8),
  }),
};

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function graphAttribute(name: string, graph: onnx.IGraphProto): onnx.IAttributeProto {
  return { name, type: AttributeType.GRAPH, g: graph };
}

/** An int64 vector, the form in which ONNX takes axes and shapes. */
export function int64Proto(name: string, values: readonly number[]): onnx.TensorProto {
  const data = BigInt64Array.from(values, (value) => BigInt(value));
  return tensorProto(name, { dtype: 'int64', shape: [data.length], data });
}

export function tensorProto(name: string, { dtype, shape, data }: NumberTensor): onnx.TensorProto {
  return TensorProto.create({
    name,
    dims: [...shape],
    dataType: ELEMENT_TYPE[dtype],
    // ONNX raw data is little-endian, like every platform that onnxruntime runs on.
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
}

export function valueInfo(name: string, { dtype, shape }: TensorType): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE[dtype], shape: { dim } } } };
}
