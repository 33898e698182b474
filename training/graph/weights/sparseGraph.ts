/** Nodes that compute with matrices stored by their columns' positions and values (`sparseColumns.ts`). */
import { int64Proto } from '../protobuf.ts';
import { AttributeProto, type onnx, TensorProto } from '../schema.ts';
import { BLOCK_SIZE } from './blockwise.ts';
import type { SparseColumns } from './sparseColumns.ts';
import { POSITIONS, SCALE, SHAPE, STORED, widen } from './widen.ts';

const { FLOAT, INT64 } = TensorProto.DataType;
const { AttributeType } = AttributeProto;

interface Named {
  readonly name: string;
  readonly form: SparseColumns;
}

/** Returns the initializers of a matrix. */
export function sparseInitializers({ name, form }: Named): onnx.ITensorProto[] {
  const { dims, count, positions, values, type } = form;
  const stored = [count, dims[1]];
  const scale = values.scale?.values;
  return [
    { name: name + POSITIONS, dims: stored, dataType: positions.dataType, rawData: positions.data },
    { name: name + STORED, dims: stored, dataType: type.dataType, rawData: values.data },
    ...(scale === undefined
      ? []
      : [
          {
            ...{ name: name + SCALE, dims: [1, dims[1]], dataType: FLOAT },
            rawData: new Uint8Array(scale.buffer, scale.byteOffset, scale.byteLength),
          },
        ]),
    int64Proto(name + SHAPE, dims),
  ];
}

/** Returns the nodes that make the whole matrix dense. */
export function densified({ name, form }: Named): onnx.INodeProto[] {
  return dense({
    positions: name + POSITIONS,
    stored: name + STORED,
    scale: form.values.scale && name + SCALE,
    shape: name + SHAPE,
    to: name,
  });
}

/** Returns the nodes that look up columns, `Gather` along axis 1, and make only these dense. */
export function gatheredColumns({ input, output }: onnx.INodeProto, { name, form }: Named) {
  const [, ids] = input as string[];
  const [to] = output as string[];
  const own = (part: string) => `${to}#${part}`;
  const gather = (from: string, part: string): onnx.INodeProto => ({
    opType: 'Gather',
    input: [from, ids!],
    output: [own(part)],
    attribute: [axis(1)],
  });
  const scale = form.values.scale && own('scale');
  const node: onnx.INodeProto[] = [
    gather(name + POSITIONS, 'positions'),
    gather(name + STORED, 'stored'),
    ...(scale === undefined ? [] : [gather(name + SCALE, 'scale')]),
    // The shape of the result: rows of the matrix, then the dimensions of the ids.
    { opType: 'Shape', input: [ids!], output: [own('dims')] },
    { opType: 'Concat', input: [own('rows'), own('dims')], output: [own('shape')], attribute: [axis(0)] },
    ...dense({
      ...{ positions: own('positions'), stored: own('stored'), scale, shape: own('shape'), to: to! },
    }),
  ];
  return { node, initializer: [int64Proto(own('rows'), [form.dims[0]])] };
}

/** Returns the nodes of x W + c that make a block of columns dense at a time. */
export function blockwiseColumns({ input, output }: onnx.INodeProto, { name, form }: Named) {
  const [x, , c] = input as string[];
  const [to] = output as string[];
  const [rows, columns] = form.dims;
  const own = (part: string) => `${to}#${part}`;
  const blocks = Math.ceil((rows * columns) / BLOCK_SIZE);
  const size = Math.ceil(columns / blocks);
  // Blocks have equal sizes, as the outputs of a loop must: the last one overlaps the one before it.
  const starts = Array.from({ length: blocks }, (_, i) => Math.min(i * size, columns - size));
  const slice = (from: string, part: string): onnx.INodeProto => ({
    opType: 'Slice',
    input: [from, own('start'), own('end'), own('columns')],
    output: [own(part)],
  });
  const scale = form.values.scale && own('scale');
  const body: onnx.IGraphProto = {
    name: 'block',
    node: [
      { opType: 'Add', input: [own('start'), own('size')], output: [own('end')] },
      slice(name + POSITIONS, 'positions'),
      slice(name + STORED, 'stored'),
      ...(scale === undefined ? [] : [slice(name + SCALE, 'scale')]),
      ...dense({
        ...{
          positions: own('positions'),
          stored: own('stored'),
          scale,
          shape: own('shape'),
          to: own('dense'),
        },
      }),
      { opType: 'Gemm', input: [x!, own('dense')], output: [own('part')] },
    ],
    input: [typed(own('start'), INT64, [{ dimValue: 1 }])],
    output: [typed(own('part'), FLOAT)],
  };
  const rest = columns - (blocks - 1) * size;
  const parts = own('parts');
  const joined = joinedBlocks({ parts, to: c === undefined ? to! : own('product') }, { blocks, size, rest });
  const node: onnx.INodeProto[] = [
    {
      opType: 'Scan',
      input: [own('starts')],
      output: [parts],
      attribute: [
        { name: 'body', type: AttributeType.GRAPH, g: body },
        { name: 'num_scan_inputs', type: AttributeType.INT, i: 1 },
        { name: 'scan_output_axes', type: AttributeType.INTS, ints: [1] },
      ],
    },
    ...joined.node,
    ...(c === undefined ? [] : [{ opType: 'Add', input: [own('product'), c], output: [to!] }]),
  ];
  const initializer = [
    { ...int64Proto(own('starts'), starts), dims: [blocks, 1] },
    int64Proto(own('size'), [size]),
    int64Proto(own('columns'), [1]),
    int64Proto(own('shape'), [rows, size]),
    ...joined.initializer,
  ];
  return { node, initializer };
}

interface Blocks {
  readonly blocks: number;
  readonly size: number;
  /** Columns of the last block that no other has. */
  readonly rest: number;
}

/** Returns the nodes that join products `[N, blocks, size]` to `[N, columns]`. */
function joinedBlocks({ parts, to }: Record<'parts' | 'to', string>, { blocks, size, rest }: Blocks) {
  const own = (part: string) => `${parts}/${part}`;
  const all = blocks * size;
  const isWhole = rest === size;
  const reshape = { opType: 'Reshape', input: [parts, own('to')], output: [isWhole ? to : own('all')] };
  const shape = int64Proto(own('to'), [-1, all]);
  if (isWhole) return { node: [reshape], initializer: [shape] };
  const slice = (part: string): onnx.INodeProto => ({
    opType: 'Slice',
    input: [own('all'), own(`${part}_start`), own(`${part}_end`), own('axis')],
    output: [own(part)],
  });
  const concat = { opType: 'Concat', input: [own('head'), own('tail')], output: [to], attribute: [axis(1)] };
  const initializer = [
    ...[shape, int64Proto(own('axis'), [1])],
    ...[int64Proto(own('head_start'), [0]), int64Proto(own('head_end'), [all - size])],
    ...[int64Proto(own('tail_start'), [all - rest]), int64Proto(own('tail_end'), [all])],
  ];
  return { node: [reshape, slice('head'), slice('tail'), concat], initializer };
}

interface Parts {
  readonly positions: string;
  readonly stored: string;
  readonly scale: string | undefined;
  /** Name of the shape of the dense tensor, whose first axis the positions are on. */
  readonly shape: string;
  readonly to: string;
}

/** Returns the nodes that put values at their positions among zeros. */
function dense({ positions, stored, scale, shape, to }: Parts): onnx.INodeProto[] {
  const own = (part: string) => `${to}#${part}`;
  return [
    { opType: 'Cast', input: [positions], output: [own('indices')], attribute: [castTo(INT64)] },
    ...widen({ from: stored, scale, to: own('values') }),
    { opType: 'ConstantOfShape', input: [shape], output: [own('zeros')] },
    {
      ...{ opType: 'ScatterElements', output: [to], attribute: [axis(0)] },
      input: [own('zeros'), own('indices'), own('values')],
    },
  ];
}

function axis(i: number): onnx.IAttributeProto {
  return { name: 'axis', type: AttributeType.INT, i };
}

function castTo(i: onnx.TensorProto.DataType): onnx.IAttributeProto {
  return { name: 'to', type: AttributeType.INT, i };
}

function typed(
  name: string,
  elemType: onnx.TensorProto.DataType,
  dim?: onnx.TensorShapeProto.IDimension[],
): onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } } };
}
