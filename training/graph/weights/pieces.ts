/** Multiplying with a large stored matrix without ever having all of it as float32. */
import { int64Proto } from '../protobuf.ts';
import { AttributeProto, type onnx, TensorProto } from '../schema.ts';
import { SCALE, STORED, type Stored, widen } from './widen.ts';

const { FLOAT, INT64, BOOL } = TensorProto.DataType;
const { AttributeType } = AttributeProto;

/** Values of a matrix that are float32 at any one time: 4 MiB of them. */
const PIECE = 2 ** 20;

/** Whether a node is a plain product x W + c with a matrix of more values than that, where only the matrix is stored. */
export function isLargeProduct(
  { opType, input, attribute }: onnx.INodeProto,
  { dims }: Stored,
  stored: ReadonlyMap<string, Stored>,
): boolean {
  if (opType !== 'Gemm' || dims[0]! * dims[1]! <= PIECE) return false;
  const [x, , c = ''] = input!;
  return !stored.has(x!) && !stored.has(c) && attribute!.every(({ i }) => i === 0);
}

/** x W + c as a loop over slices of x's columns and W's rows, each adding to the sum so far. */
export function productByPieces({ input, output }: onnx.INodeProto, { name, dims, scale }: Stored) {
  const [x, , c] = input as string[];
  const [rows, columns] = dims as [number, number];
  const own = (part: string) => `${output![0]}#${part}`;
  const size = Math.max(1, Math.floor(PIECE / columns));
  const slice = (from: string, axis: string, to: string): onnx.INodeProto => ({
    opType: 'Slice',
    input: [from, own('start'), own('end'), own(axis)],
    output: [own(to)],
  });
  const scales = scale && (scale.axis === 0 ? own('scales') : name + SCALE);
  const body: onnx.IGraphProto = {
    name: 'piece',
    node: [
      { opType: 'Mul', input: [own('index'), own('size')], output: [own('start')] },
      { opType: 'Add', input: [own('start'), own('size')], output: [own('end')] },
      slice(x!, 'columns', 'x'),
      slice(name + STORED, 'rows', 'narrow'),
      ...(scale?.axis === 0 ? [slice(name + SCALE, 'rows', 'scales')] : []),
      ...widen({ from: own('narrow'), scale: scales, to: own('weight') }),
      { opType: 'Gemm', input: [own('x'), own('weight'), own('sum')], output: [own('next')] },
      { opType: 'Identity', input: [own('go')], output: [own('on')] },
    ],
    input: [typed(own('index'), INT64, []), typed(own('go'), BOOL, []), typed(own('sum'), FLOAT)],
    output: [typed(own('on'), BOOL, []), typed(own('next'), FLOAT)],
  };
  const count = int64Proto(own('count'), [Math.ceil(rows / size)]);
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

function typed(name: string, elemType: onnx.TensorProto.DataType, dim?: []): onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } } };
}

function zero(name: string): onnx.ITensorProto {
  return { name, dims: [1], dataType: FLOAT, rawData: new Uint8Array(4) };
}
