/** Storing the weights of a written graph as float16: half the bytes, in the file and in the memory of whoever runs it. */

import { int64Proto } from './protobuf.ts';
import { AttributeProto, type onnx, TensorProto } from './schema.ts';
import { GraphError } from './value.ts';

const { FLOAT, FLOAT16, INT64, BOOL } = TensorProto.DataType;
const { AttributeType } = AttributeProto;

/** Values of a matrix that are float32 at any one time: 4 MiB of them. */
const PIECE = 2 ** 20;

export type GraphParts = Record<'node', onnx.INodeProto[]> & Record<'initializer', onnx.ITensorProto[]>;

/**
 * The same graph with those of its initializers called `weights` that are matrices or kernels as float16 (vectors are too
 * small to matter), and computing with them as float32. Of two uses, the cast comes after: rows are picked first, and
 * large matrices are multiplied with piece by piece, so that they are never in memory as float32. Everywhere else the
 * runtime casts once, when it loads the graph.
 * @throws {GraphError} for a weight that float16 cannot hold.
 */
export function withFloat16Weights(
  { node, initializer }: GraphParts,
  weights: ReadonlySet<string>,
): GraphParts {
  const narrow = new Map(
    initializer
      .filter(({ name, dims }) => weights.has(name!) && dims!.length > 1)
      .map((tensor) => [tensor.name!, tensor] as const),
  );
  const made: onnx.ITensorProto[] = [];
  const nodes = node.flatMap((each): onnx.INodeProto[] => {
    const used = each.input!.filter((name) => narrow.has(name));
    if (used.length === 0) return [each];
    const [output] = each.output!;
    if (each.opType === 'Gather') {
      const picked = `${output}#float16`; // no value has a # in its name
      return [{ ...each, output: [picked] }, castNode(picked, output!)];
    }
    if (isLargeProduct(each, narrow)) {
      const { loop, operands } = productByPieces(each, narrow.get(each.input![1]!)!.dims as number[]);
      made.push(...operands);
      return [loop];
    }
    const wide = new Map(used.map((name) => [name, `${output}#${name}`]));
    return [
      ...[...wide].map(([name, as]) => castNode(name, as)),
      { ...each, input: each.input!.map((name) => wide.get(name) ?? name) },
    ];
  });
  const tensors = initializer.map((tensor) => (narrow.has(tensor.name!) ? narrowed(tensor) : tensor));
  return { node: nodes, initializer: [...tensors, ...made] };
}

function isLargeProduct({ opType, input, attribute }: onnx.INodeProto, narrow: Tensors): boolean {
  const dims = narrow.get(input![1]!)?.dims as number[] | undefined;
  if (opType !== 'Gemm' || dims === undefined || dims[0]! * dims[1]! <= PIECE) return false;
  return !narrow.has(input![0]!) && !narrow.has(input![2] ?? '') && attribute!.every(({ i }) => i === 0);
}

type Tensors = ReadonlyMap<string, onnx.ITensorProto>;

/** x W + c as a loop over slices of x's columns and W's rows, each adding to the sum so far. */
function productByPieces({ input, output }: onnx.INodeProto, [rows, columns]: number[]) {
  const [x, weight, c] = input as string[];
  const own = (name: string) => `${output![0]}#${name}`;
  const size = Math.max(1, Math.floor(PIECE / columns!));
  const body: onnx.IGraphProto = {
    name: 'piece',
    node: [
      { opType: 'Mul', input: [own('index'), own('size')], output: [own('start')] },
      { opType: 'Add', input: [own('start'), own('size')], output: [own('end')] },
      { opType: 'Slice', input: [x!, own('start'), own('end'), own('columns')], output: [own('x')] },
      { opType: 'Slice', input: [weight!, own('start'), own('end'), own('rows')], output: [own('narrow')] },
      castNode(own('narrow'), own('weight')),
      { opType: 'Gemm', input: [own('x'), own('weight'), own('sum')], output: [own('next')] },
      { opType: 'Identity', input: [own('go')], output: [own('on')] },
    ],
    input: [typed(own('index'), INT64, []), typed(own('go'), BOOL, []), typed(own('sum'), FLOAT)],
    output: [typed(own('on'), BOOL, []), typed(own('next'), FLOAT)],
  };
  const count = int64Proto(own('count'), [Math.ceil(rows! / size)]);
  const operands: onnx.ITensorProto[] = [
    { ...count, dims: [] },
    int64Proto(own('size'), [size]),
    int64Proto(own('rows'), [0]),
    int64Proto(own('columns'), [1]),
  ];
  // The sum starts as what is added to the product, which repeats along the rows, or as a zero that does.
  if (c === undefined) operands.push(zero(own('zero')));
  const loop: onnx.INodeProto = {
    opType: 'Loop',
    input: [own('count'), '', c ?? own('zero')],
    output: output!,
    attribute: [{ name: 'body', type: AttributeType.GRAPH, g: body }],
  };
  return { loop, operands };
}

function castNode(from: string, to: string): onnx.INodeProto {
  const attribute = [{ name: 'to', type: AttributeType.INT, i: FLOAT }];
  return { opType: 'Cast', input: [from], output: [to], attribute };
}

function typed(name: string, elemType: onnx.TensorProto.DataType, dim?: []): onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } } };
}

function zero(name: string): onnx.ITensorProto {
  return { name, dims: [1], dataType: FLOAT, rawData: new Uint8Array(4) };
}

function narrowed({ name, dims, rawData }: onnx.ITensorProto): onnx.ITensorProto {
  const { buffer, byteOffset, byteLength } = rawData!;
  const values = new Float32Array(buffer, byteOffset, byteLength / 4);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = float16Bits(values[i]!);
  const tooLarge = halves.findIndex((half) => (half & 0x7fff) >= 0x7c00);
  if (tooLarge >= 0) {
    throw new GraphError(
      `weight '${name}': expected values that float16 can hold, up to 65504, received ${values[tooLarge]}; set weightType to float32`,
    );
  }
  return { name: name!, dims: dims!, dataType: FLOAT16, rawData: new Uint8Array(halves.buffer) };
}

const bits = new DataView(new ArrayBuffer(4));

/** A number as IEEE 754 binary16, rounded to the nearest, ties to even; infinity where it is too large. */
export function float16Bits(value: number): number {
  bits.setFloat32(0, value);
  const whole = bits.getUint32(0);
  const sign = (whole >>> 16) & 0x8000;
  const magnitude = whole & 0x7fffffff;
  // Below 2^-14 the steps are 2^-24 wide; adding 2^52 leaves a float64 no digits after the point.
  if (magnitude < 0x38800000) return sign | (Math.abs(value) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // The exponent's bias changes from 127 to 15; a carry out of the fraction goes into the exponent, as it should.
  const rounded = magnitude + 0x0fff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
