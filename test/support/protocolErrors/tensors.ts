/** Tensors that a graph does not take: of another type or shape, or with values that it cannot mean. */
import { binaryInputs } from '../inferMessages.ts';
import {
  BINARY,
  binary,
  type Case,
  CITY,
  FP32,
  ITEMS,
  infer,
  inputs,
  K,
  NUMBERS,
  ROW,
  recommend,
} from './send.ts';

export const WRONG_TENSORS: readonly Case[] = [
  ['another type', inputs({ ...ROW, datatype: 'FP64' }), 'expected datatype FP32, received "FP64"'],
  ['a type in lower case', inputs({ ...ROW, datatype: 'fp32' }), 'expected datatype FP32'],
  ['another rank', inputs(FP32([6])), 'expected shape [-1,6], received [6]'],
  ['another width', inputs(FP32([2, 3])), 'expected shape [-1,6], received [2,3]'],
  ['a large shape of little data', inputs(FP32([4, 6])), 'expected 24 elements, received 6'],
  [
    'a shape beyond all data',
    recommend({ ...ITEMS, shape: [1, 2 ** 52], data: [1] }),
    /expected \d+ elements, received 1/,
  ],
  ['no rows', inputs(FP32([0, 6], [])), 'at least one row'],
  ['a list of nothing', recommend({ ...ITEMS, shape: [1, 0], data: [] }), 'at least one element'],
  ['nested too shallow', inputs(FP32([2, 6], [new Array(6).fill(1), 1])), 'data nested otherwise'],
  ['nested too deep', inputs(FP32([1, 6], [[new Array(6).fill(1)]])), 'data nested otherwise'],
  ['nested the other way', inputs(FP32([2, 6], new Array(6).fill([1, 2]))), 'data nested otherwise'],
  [
    'nested, one short',
    inputs(FP32([2, 6], [new Array(6).fill(1), new Array(5).fill(1)])),
    'data nested otherwise',
  ],
  [
    'nested very deep',
    infer(
      `{"inputs": [{"name": "rows", "datatype": "FP32", "shape": [1, 6], "data": ${'['.repeat(300)}${']'.repeat(300)}}]}`,
    ),
    'nests deeper than 16 levels',
  ],
  ['a matrix for a list', recommend({ ...ITEMS }, { ...K, data: [[2]] }), 'data nested otherwise'],
  [
    'an array among numbers',
    inputs(FP32([1, 6], [1, 2, 3, [4], 5, 6])),
    'element [0, 3]: expected a number, received an array of 1',
  ],
  [
    'text among numbers',
    inputs(FP32([1, 6], [1, 2, 3, '4', 5, 6])),
    'element [0, 3]: expected a number, received a string',
  ],
  [
    'true among numbers',
    inputs(FP32([2, 6], [...new Array(11).fill(1), true])),
    'element [1, 5]: expected a number, received boolean true',
  ],
  [
    'beyond float32',
    inputs(FP32([1, 6], [1, 3.5e38, 3, 4, 5, 6])),
    'element [0, 1]: expected a finite float32 number, received Infinity',
  ],
  ['null, not imputed', inputs(FP32([1, 6], [1, 2, null, 4, 5, 6])), 'element [0, 2] is missing'],
  [
    'binary NaN, not imputed',
    binary(binaryInputs([{ ...BINARY, data: [1, 2, Number.NaN, 4, 5, 6] }])),
    'element [0, 2] is missing',
  ],
  [
    'binary infinity',
    binary(binaryInputs([{ ...BINARY, data: [1, 2, 3, 4, 5, -Infinity] }])),
    'element [0, 5]: expected a finite',
  ],
  [
    'a code that is missing',
    infer({ inputs: [{ ...FP32([1, 2], [1, null]), name: 'code' }] }, 'linear.decoder'),
    'element [0, 1] is missing',
  ],
  [
    'an answer that is not finite',
    inputs(FP32([1, 6], new Array(6).fill(3e38))),
    'result for row 0 is not finite',
  ],
  [
    'a fraction for INT64',
    recommend({ ...ITEMS, data: [0, 0.5] }),
    'element [0, 1]: expected a whole number',
  ],
  [
    'beyond 2^53 for INT64',
    recommend({ ...ITEMS, data: [0, 2 ** 53] }),
    'expected a whole number within 2^53',
  ],
  ['null for INT64', recommend({ ...ITEMS, data: [0, null] }), 'received null'],
  [
    'an item that is not there',
    recommend({ ...ITEMS, data: [0, 5] }),
    'element [0, 1]: expected -1 to 4, received 5',
  ],
  ['an item below -1', recommend({ ...ITEMS, data: [-2, 0] }), 'expected -1 to 4, received -2'],
  [
    'an item that is none, alone',
    infer({ inputs: [{ ...ITEMS, shape: [2], data: [0, -1] }, K] }, 'items.similar'),
    'element [1]: expected 0 to 4, received -1',
  ],
  [
    'none to recommend',
    recommend(ITEMS, { ...K, data: [0] }),
    'input "k", element [0]: expected 1 to 5, received 0',
  ],
  ['more than there are to recommend', recommend(ITEMS, { ...K, data: [6] }), 'expected 1 to 5, received 6'],
  [
    'a number for BYTES',
    infer({ inputs: [{ ...CITY, data: [1] }, ...NUMBERS] }, 'columns'),
    'expected a string, received number 1',
  ],
  [
    'a category that may not be missing',
    infer({ inputs: [CITY, ...NUMBERS.map((each) => ({ ...each, data: [null] }))] }, 'columns'),
    'input "height", element [0, 0] is missing',
  ],
  [
    'inputs of different rows',
    infer(
      { inputs: [CITY, { ...NUMBERS[0], shape: [2, 1], data: [1, 2] }, NUMBERS[1], NUMBERS[2]] },
      'columns',
    ),
    'input "age": expected shape [1,1], received [2,1]',
  ],
];
