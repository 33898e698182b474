/** A small graph that any runtime takes, from which the hostile ones differ in one respect. */
import { AttributeProto, ModelProto, type onnx, TensorProto } from '../../../../training/graph/schema.ts';

export const { FLOAT, INT64, STRING, BOOL, DOUBLE } = TensorProto.DataType;
export const MAX_INT64 = 2n ** 63n - 1n;

type Long = Exclude<NonNullable<onnx.TensorShapeProto.IDimension['dimValue']>, number>;
type Size = number | bigint | string;
export type Changes = Omit<onnx.IModelProto, 'graph'> & { readonly graph?: onnx.IGraphProto | null };

/** An int64 as protobufjs takes it: numbers above 2^53 would be rounded. */
export function int64(value: bigint): Long {
  const part = (bits: bigint) => Number(BigInt.asIntN(32, bits));
  return { low: part(value), high: part(value >> 32n), unsigned: false } as Long;
}

export function tensorInfo(name: string, shape: readonly Size[], elemType = FLOAT): onnx.IValueInfoProto {
  const dim = shape.map((size) => {
    if (typeof size === 'string') return { dimParam: size };
    return { dimValue: typeof size === 'bigint' ? int64(size) : size };
  });
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

export function floats(name: string, dims: readonly number[], values: readonly number[]): onnx.ITensorProto {
  return { name, dataType: FLOAT, dims: [...dims], floatData: [...values] };
}

export function int64s(name: string, values: readonly (number | bigint)[]): onnx.ITensorProto {
  const data = BigInt64Array.from(values, BigInt);
  return { name, dataType: INT64, dims: [values.length], rawData: new Uint8Array(data.buffer) };
}

export function int64Scalar(name: string, value: bigint): onnx.ITensorProto {
  return { ...int64s(name, [value]), dims: [] };
}

export function node(
  opType: string,
  input: string[],
  output: string[],
  attribute: onnx.IAttributeProto[] = [],
): onnx.INodeProto {
  return { opType, input, output, attribute };
}

export const intAttribute = (name: string, i: number): onnx.IAttributeProto => ({
  name,
  type: AttributeProto.AttributeType.INT,
  i,
});

export const graphAttribute = (name: string, g: onnx.IGraphProto): onnx.IAttributeProto => ({
  name,
  type: AttributeProto.AttributeType.GRAPH,
  g,
});

export const WEIGHTS = floats('weights', [4, 2], [1, 0, 0, 1, 1, 0, 0, 1]);

/** `code [N, 2] = rows [N, 4] · weights`. */
export const PLAIN: onnx.IGraphProto = {
  name: 'plain',
  input: [tensorInfo('rows', ['N', 4])],
  output: [tensorInfo('code', ['N', 2])],
  initializer: [WEIGHTS],
  node: [node('MatMul', ['rows', 'weights'], ['code'])],
};

/** The bytes of the plain graph with some of its parts replaced. */
export function plainWith(graph: onnx.IGraphProto, model: onnx.IModelProto = {}): Uint8Array {
  return modelBytes({ graph: { ...PLAIN, ...graph }, ...model });
}

export function modelBytes(model: Changes): Uint8Array {
  const opsetImport = [{ domain: '', version: 18 }];
  return ModelProto.encode(ModelProto.create({ irVersion: 8, opsetImport, ...model })).finish();
}

/** The plain graph after what `nodes` make of `rows`, under the name `made [N, 4]`. */
export function plainAfter(nodes: onnx.INodeProto[], initializer: onnx.ITensorProto[] = []): Uint8Array {
  return plainWith({
    node: [...nodes, node('MatMul', ['made', 'weights'], ['code'])],
    initializer: [...initializer, WEIGHTS],
  });
}
