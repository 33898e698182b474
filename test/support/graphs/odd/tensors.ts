/** Graphs with inputs, outputs and weights of odd types and shapes. */
import { floats, int64s, intAttribute, node, PLAIN, tensorInfo, WEIGHTS } from '../hostile/plain.ts';
import { after, codes, type OddGraph, odd } from './oddGraph.ts';

const [BFLOAT16, COMPLEX64, FLOAT8, UINT4] = [16, 14, 17, 21] as const;
const cast = (from: string, to: string, type: number) =>
  node('Cast', [from], [to], [intAttribute('to', type)]);
const TABLE = floats('table', [1, 2], [10, 20]);

export const TENSORS: readonly OddGraph[] = [
  {
    name: 'inputs of bfloat16',
    bytes: odd({
      input: [tensorInfo('rows', ['N', 4], BFLOAT16)],
      node: [cast('rows', 'wide', 1), node('MatMul', ['wide', 'weights'], ['code'])],
    }),
    outcome: /input 'rows': expected a tensor of numbers or text, received bfloat16/,
  },
  {
    name: 'inputs of complex numbers',
    bytes: odd({ input: [tensorInfo('rows', ['N', 4], COMPLEX64)] }),
    outcome: /received complex64; convert it within the graph/,
  },
  {
    name: 'an optional input',
    bytes: odd({
      input: [{ name: 'rows', type: { optionalType: { elemType: tensorInfo('', ['N', 4]).type! } } }],
      node: [node('OptionalGetElement', ['rows'], ['some']), node('MatMul', ['some', 'weights'], ['code'])],
    }),
    outcome: /input 'rows': expected a tensor of numbers or text, received sequence/,
  },
  {
    name: 'an input of no columns',
    bytes: odd({ input: [tensorInfo('rows', ['N', 4]), tensorInfo('nothing', ['N', 0])] }),
    outcome: /input 'nothing' has shape .*--input-shape/,
  },
  {
    name: 'weights of 4 bits',
    bytes: odd({
      initializer: [
        {
          name: 'narrow',
          dataType: UINT4,
          dims: [4, 2],
          int32Data: [1, 0, 0, 1, 1, 0, 0, 1]
            .map((_, i, all) => (i % 2 ? -1 : all[i]! | (all[i + 1]! << 4)))
            .filter((each) => each >= 0),
        },
        floats('scale', [], [1]),
      ],
      node: [
        node('DequantizeLinear', ['narrow', 'scale'], ['weights']),
        node('MatMul', ['rows', 'weights'], ['code']),
      ],
    }),
    tolerance: 2e-2,
    outcome: codes,
  },
  {
    name: 'weights of 8-bit floats',
    bytes: odd({
      initializer: [
        {
          name: 'narrow',
          dataType: FLOAT8,
          dims: [4, 2],
          rawData: Uint8Array.from([1, 0, 0, 1, 1, 0, 0, 1], (each) => each * 0x38),
        },
      ],
      node: [cast('narrow', 'weights', 1), node('MatMul', ['rows', 'weights'], ['code'])],
    }),
    outcome: codes,
  },
  {
    name: 'sparse weights',
    bytes: odd({
      initializer: [],
      sparseInitializer: [
        {
          values: floats('weights', [4], [1, 1, 1, 1]),
          indices: int64s('places', [0, 3, 4, 7]),
          dims: [4, 2],
        },
      ],
    }),
    outcome: codes,
  },
  {
    name: 'weights that are inputs, too, as opsets before 9 had them',
    bytes: odd({ input: [tensorInfo('weights', [4, 2]), tensorInfo('rows', ['N', 4])] }),
    outcome: codes,
  },
  {
    name: 'ids of an embedding with one entry, and rows that hold others',
    bytes: odd({
      input: [tensorInfo('ids', ['N', 4], 7)],
      output: [tensorInfo('code', ['N', 4, 2])],
      initializer: [TABLE],
      node: [node('Gather', ['table', 'ids'], ['code'])],
    }),
    outcome:
      /fails on the rows: .*indices element out of data bounds.*the rows were drawn: give --rows of your own/,
  },
  {
    name: 'an output that is the input itself',
    bytes: odd({
      output: [tensorInfo('rows', ['N', 4])],
      node: [node('MatMul', ['rows', 'weights'], ['unused'])],
    }),
    outcome: (rows) => rows.map((row) => [...row]),
  },
  {
    name: 'names that are those of our own graphs',
    bytes: odd({
      input: [tensorInfo('code', ['N', 4])],
      output: [tensorInfo('rows', ['N', 2])],
      initializer: [{ ...WEIGHTS, name: 'rows#shape' }],
      node: [
        node('MatMul', ['code', 'rows#shape'], ['#model/code/columns']),
        node('Identity', ['#model/code/columns'], ['rows']),
      ],
    }),
    outcome: codes,
  },
  {
    name: 'batches of two names',
    bytes: odd({
      input: [tensorInfo('left', ['N', 2]), tensorInfo('right', ['M', 2])],
      node: [node('Concat', ['left', 'right'], ['rows'], [intAttribute('axis', 1)]), ...PLAIN.node!],
    }),
    outcome: codes,
  },
  {
    name: 'an output of float16 that overflows',
    bytes: after([node('Mul', ['plain', 'much'], ['large']), cast('large', 'code', 10)], {
      initializer: [floats('much', [], [1e30])],
      output: [tensorInfo('code', ['N', 2], 10)],
    }),
    outcome: /'code' is -?Infinity for row/,
  },
  {
    name: 'answers of the type uint64',
    bytes: after([node('Abs', ['plain'], ['positive']), cast('positive', 'code', 13)], {
      output: [tensorInfo('code', ['N', 2], 13)],
    }),
    outcome: (rows) => codes(rows).map((row) => row.map((value) => Math.floor(Math.abs(value)))),
  },
];
