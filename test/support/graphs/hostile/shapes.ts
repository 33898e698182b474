/** Shapes and sizes that are wrong, or larger than any machine. */
import { TensorProto } from '../../../../training/graph/schema.ts';
import { completed } from './hostileGraph.ts';
import {
  BOOL,
  FLOAT,
  floats,
  graphAttribute,
  int64,
  int64Scalar,
  int64s,
  intAttribute,
  MAX_INT64,
  node,
  plainAfter,
  plainWith,
  tensorInfo,
  WEIGHTS,
} from './plain.ts';

/** Weights of these dimensions with the data of eight. */
const claiming = (...dims: bigint[]) => ({ ...WEIGHTS, dims: dims.map(int64) });
const TRUE = { name: 'true', dataType: BOOL, dims: [], rawData: Uint8Array.of(1) };

/** `made = Loop(trips, true, rows)` with a body that returns what it got. */
function endlessLoop(trips: bigint): Uint8Array {
  const body = {
    name: 'body',
    input: [
      tensorInfo('i', [], TensorProto.DataType.INT64),
      tensorInfo('go', [], BOOL),
      tensorInfo('x', ['N', 4]),
    ],
    output: [tensorInfo('on', [], BOOL), tensorInfo('y', ['N', 4])],
    node: [node('Identity', ['go'], ['on']), node('Sin', ['x'], ['y'])],
  };
  return plainAfter(
    [node('Loop', ['trips', 'true', 'rows'], ['made'], [graphAttribute('body', body)])],
    [int64Scalar('trips', trips), TRUE],
  );
}

/** `made = rows + the mean` of what the nodes make under the name `huge`. */
const plusMean = (...[nodes, initializer]: Parameters<typeof plainAfter>) =>
  plainAfter(
    [
      ...nodes,
      node('ReduceMean', ['huge'], ['mean'], [intAttribute('keepdims', 0)]),
      node('Add', ['rows', 'mean'], ['made']),
    ],
    initializer,
  );

/** Each node doubles what the one before it gave. */
const doubled = Array.from({ length: 40 }, (_, i) =>
  node(
    'Concat',
    Array(2).fill(i === 0 ? 'rows' : `d${i}`),
    [i === 39 ? 'huge' : `d${i + 1}`],
    [intAttribute('axis', 0)],
  ),
);

const CASTS = 5_000;
const casts = Array.from({ length: CASTS }, (_, i) =>
  node(
    'Cast',
    [i === 0 ? 'rows' : `c${i}`],
    [i === CASTS - 1 ? 'made' : `c${i + 1}`],
    [intAttribute('to', i % 2 === 0 ? TensorProto.DataType.DOUBLE : FLOAT)],
  ),
);

export const SHAPES = completed([
  {
    name: 'contradicting-weights',
    why: 'rows of 4 times weights for 5',
    bytes: plainWith({ initializer: [floats('weights', [5, 2], Array(10).fill(1))] }),
  },
  {
    name: 'contradicting-output',
    why: 'codes of 2 that are declared as 3',
    bytes: plainWith({ output: [tensorInfo('code', ['N', 3])] }),
  },
  {
    name: 'contradicting-symbols',
    why: 'as many rows as columns, and 2 columns of codes that are 4',
    bytes: plainWith({
      input: [tensorInfo('rows', ['N', 'N'])],
      output: [tensorInfo('code', ['N', 'N'])],
    }),
    onnxruntime: 'answers',
  },
  {
    name: 'short-weights',
    why: 'weights of 4 x 2 with one value',
    bytes: plainWith({ initializer: [{ ...WEIGHTS, floatData: [1] }] }),
  },
  {
    name: 'long-weights',
    why: 'weights of 4 x 2 with 3 bytes too many',
    bytes: plainWith({
      initializer: [{ name: 'weights', dataType: FLOAT, dims: [4, 2], rawData: new Uint8Array(35) }],
    }),
  },
  {
    name: 'overflowing-weights',
    why: 'weights of 2^32 x 2^32 values, which is 0 in 64 bits',
    bytes: plainWith({ initializer: [claiming(2n ** 32n, 2n ** 32n)] }),
  },
  {
    name: 'enormous-weights',
    why: 'weights of 2^63 - 1 rows',
    bytes: plainWith({ initializer: [claiming(MAX_INT64, 2n)] }),
  },
  {
    name: 'negative-weights',
    why: 'weights of -4 x -2 values, the product of which is right',
    bytes: plainWith({ initializer: [claiming(-4n, -2n)] }),
  },
  {
    name: 'overflowing-input',
    why: 'rows of 2^63 - 1 values',
    bytes: plainWith({ input: [tensorInfo('rows', ['N', MAX_INT64])] }),
  },
  {
    name: 'negative-input',
    why: 'rows of -4 values',
    bytes: plainWith({ input: [tensorInfo('rows', ['N', -4])] }),
    onnxruntime: 'answers',
  },
  {
    name: 'overflowing-reshape',
    why: 'a Reshape to 2^62 x 4',
    bytes: plainAfter([node('Reshape', ['rows', 'shape'], ['made'])], [int64s('shape', [2n ** 62n, 4n])]),
  },
  {
    name: 'huge-constant',
    why: 'a ConstantOfShape of 4 TiB',
    bytes: plusMean([node('ConstantOfShape', ['shape'], ['huge'])], [int64s('shape', [2 ** 20, 2 ** 20])]),
  },
  {
    name: 'large-constant',
    why: 'a ConstantOfShape of 8 GiB: more than WebAssembly, less than many machines',
    bytes: plusMean([node('ConstantOfShape', ['shape'], ['huge'])], [int64s('shape', [2 ** 15, 2 ** 16])]),
    onnxruntime: 'exhausts',
  },
  {
    name: 'overflowing-constant',
    why: 'a ConstantOfShape of 2^64 values',
    bytes: plusMean(
      [node('ConstantOfShape', ['shape'], ['huge'])],
      [int64s('shape', [2n ** 32n, 2n ** 32n])],
    ),
  },
  {
    name: 'huge-range',
    why: 'a Range of 2^40 values',
    bytes: plusMean(
      [
        node('Range', ['from', 'to', 'step'], ['whole']),
        node('Cast', ['whole'], ['huge'], [intAttribute('to', FLOAT)]),
      ],
      [int64Scalar('from', 0n), int64Scalar('to', 2n ** 40n), int64Scalar('step', 1n)],
    ),
  },
  {
    name: 'doubling',
    why: '40 nodes that double what the one before gave',
    bytes: plusMean(doubled),
    onnxruntime: 'exhausts',
  },
  {
    name: 'casts',
    why: '5,000 Casts one after another',
    bytes: plainAfter(casts),
    isRefused: false,
    onnxruntime: 'answers',
  },
  {
    name: 'endless-loop',
    why: 'a Loop of 2^63 - 1 rounds',
    bytes: endlessLoop(MAX_INT64),
    onnxruntime: 'hangs',
  },
]);
