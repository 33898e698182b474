/** Multiplies by a large stored matrix without ever holding all of it as float32. */
import { int64Proto } from '../protobuf.ts';
import { AttributeProto, type onnx, TensorProto } from '../schema.ts';
import { SCALE, STORED, type StoredWeight, widen } from './widen.ts';

const { FLOAT, INT64, BOOL } = TensorProto.DataType;
const { AttributeType } = AttributeProto;

/** Values of a matrix that are converted to float32 at a time: 4 MiB. */
export const BLOCK_SIZE = 2 ** 20;

/**
 * True if a node is a plain product x W + c with a matrix of more than `BLOCK_SIZE` values, and x and c are
 * not stored.
 */
export function isLargeProduct(
  { opType, input, attribute }: onnx.INodeProto,
  dims: readonly number[],
  isStored: (name: string) => boolean,
): boolean {
  if (opType !== 'Gemm' || dims[0]! * dims[1]! <= BLOCK_SIZE) return false;
  const [x, , c = ''] = input!;
  return !isStored(x!) && !isStored(c) && attribute!.every(({ i }) => i === 0);
}

/** Computes x W + c as a loop over blocks of W's rows and x's columns, each added to the running sum. */
export function blockwiseProduct({ input, output }: onnx.INodeProto, { name, dims, scale }: StoredWeight) {
  const [x, , c] = input as string[];
  const [rows, columns] = dims as [number, number];
  const own = (part: string) => `${output![0]}#${part}`;
  const size = Math.max(1, Math.floor(BLOCK_SIZE / columns));
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
  // The sum starts as c, or as a zero if there is none; both broadcast along the rows.
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
