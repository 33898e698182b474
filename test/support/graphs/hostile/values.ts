/** Weights that are no numbers, or not in the file; answers that do not depend on a row alone. */
import { type onnx, TensorProto } from '../../../../training/graph/schema.ts';
import { completed } from './hostileGraph.ts';
import { FLOAT, floats, int64s, intAttribute, node, plainAfter, plainWith } from './plain.ts';

const weighing = (value: number) =>
  plainWith({ initializer: [floats('weights', [4, 2], Array(8).fill(value))] });

/** The plain graph with its weights in another file. */
function external(entries: Readonly<Record<string, string>>): Uint8Array {
  const weights: onnx.ITensorProto = {
    ...{ name: 'weights', dataType: FLOAT, dims: [4, 2] },
    dataLocation: TensorProto.DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  };
  return plainWith({ initializer: [weights] });
}

const ONE = int64s('one', [1]);
const topOne = (of: string) => node('TopK', [of, 'one'], ['top', 'place'], [intAttribute('axis', 1)]);

const SHORT = { 'weights.bin': new Uint8Array(16) };
const WHOLE = { 'weights.bin': new Uint8Array(32) };

export const VALUES = completed([
  { name: 'nan-weights', why: 'weights of NaN', bytes: weighing(Number.NaN), onnxruntime: 'answers' },
  {
    name: 'infinite-weights',
    why: 'weights of infinity',
    bytes: weighing(Number.POSITIVE_INFINITY),
    onnxruntime: 'answers',
  },
  {
    name: 'huge-weights',
    why: 'weights that overflow in the first sum',
    bytes: weighing(3e38),
    onnxruntime: 'answers',
  },
  {
    name: 'missing-file',
    why: 'weights in a file that is not there',
    bytes: external({ location: 'weights.bin' }),
  },
  {
    name: 'file-above',
    why: 'weights in a file outside of the folder',
    bytes: external({ location: '../../../../../../etc/passwd' }),
  },
  { name: 'absolute-file', why: 'weights in /etc/passwd', bytes: external({ location: '/etc/passwd' }) },
  {
    name: 'device-file',
    why: 'weights in a file that never ends',
    bytes: external({ location: '/dev/zero' }),
  },
  { name: 'folder-as-file', why: 'weights in a folder', bytes: external({ location: '.' }) },
  { name: 'file-without-name', why: 'weights in a file without a name', bytes: external({}) },
  {
    name: 'nul-in-file',
    why: 'a NUL in the name of a file, after which onnxruntime reads no further',
    bytes: external({ location: 'weights.bin\0.txt' }),
    files: WHOLE,
    onnxruntime: 'answers',
  },
  {
    name: 'short-file',
    why: '16 of the 32 bytes of the weights',
    bytes: external({ location: 'weights.bin' }),
    files: SHORT,
  },
  {
    name: 'offset-after-end',
    why: 'weights that begin after the end of their file',
    bytes: external({ location: 'weights.bin', offset: '4096', length: '32' }),
    files: WHOLE,
  },
  {
    name: 'overflowing-offset',
    why: 'an offset of 2^64 - 16, whose sum with the length is 16',
    bytes: external({ location: 'weights.bin', offset: `${2n ** 64n - 16n}`, length: '32' }),
    files: WHOLE,
  },
  {
    name: 'negative-offset',
    why: 'an offset of -32',
    bytes: external({ location: 'weights.bin', offset: '-32', length: '32' }),
    files: WHOLE,
  },
  {
    name: 'top-of-nothing',
    why: 'a TopK of no rows, which divides by zero and ends the process',
    bytes: plainAfter(
      [
        node('Slice', ['rows', 'zero', 'zero'], ['empty']),
        topOne('empty'),
        node('ReduceSum', ['top'], ['sum']),
        node('Add', ['rows', 'sum'], ['made']),
      ],
      [int64s('zero', [0]), ONE],
    ),
    onnxruntime: 'crashes',
  },
  {
    name: 'top-of-rows',
    why: 'a TopK of the rows, which ends the process for an empty batch only',
    bytes: plainAfter([topOne('rows'), node('Add', ['rows', 'top'], ['made'])], [ONE]),
    isRefused: false,
    onnxruntime: 'answers',
  },
  {
    name: 'random-answers',
    why: 'other answers each time',
    bytes: plainAfter([
      node('RandomUniformLike', ['rows'], ['noise']),
      node('Add', ['rows', 'noise'], ['made']),
    ]),
    onnxruntime: 'answers',
  },
  {
    name: 'mixed-rows',
    why: 'answers that depend on the other rows of the request',
    bytes: plainAfter(
      [node('ReduceMean', ['rows', 'axes'], ['mean']), node('Sub', ['rows', 'mean'], ['made'])],
      [int64s('axes', [0])],
    ),
    isRefused: false,
    onnxruntime: 'answers',
  },
]);
