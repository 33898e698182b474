/** ONNX models written by hand, independently of the project's own graph writer. */
import { AttributeProto, ModelProto, TensorProto } from '../../../training/graph/schema.ts';

const FLOAT = TensorProto.DataType.FLOAT;

export interface HandMadeGraph {
  /** Shapes by name; the batch dimension is `N`. */
  readonly inputs: Readonly<Record<string, readonly (string | number)[]>>;
  readonly outputs: Readonly<Record<string, readonly (string | number)[]>>;
  readonly weights: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  /** `[op type, inputs, outputs, integer attributes]`, in order of execution. */
  readonly nodes: readonly HandMadeNode[];
}

type HandMadeNode = readonly [
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Readonly<Record<string, number | readonly number[]>>,
];

/** The bytes of a float32 model, opset 17. */
export function onnxModel({ inputs, outputs, weights, nodes }: HandMadeGraph): Uint8Array {
  const model = ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'hand-made',
      input: valueInfos(inputs),
      output: valueInfos(outputs),
      initializer: Object.entries(weights).map(([name, { shape, data }]) => ({
        name,
        dataType: FLOAT,
        dims: [...shape],
        floatData: [...data],
      })),
      node: nodes.map(([opType, input, output, attributes = {}]) => ({
        opType,
        input: [...input],
        output: [...output],
        attribute: Object.entries(attributes).map(([name, value]) => ({
          name,
          ...(typeof value === 'number'
            ? { type: AttributeProto.AttributeType.INT, i: value }
            : { type: AttributeProto.AttributeType.INTS, ints: [...value] }),
        })),
      })),
    },
  });
  return ModelProto.encode(model).finish();
}

function valueInfos(shapes: HandMadeGraph['inputs']) {
  return Object.entries(shapes).map(([name, shape]) => ({
    name,
    type: {
      tensorType: {
        elemType: FLOAT,
        shape: {
          dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })),
        },
      },
    },
  }));
}
