/** Requests that cannot be read, or whose parts do not fit together. */
import { binaryInputs, binaryRequest, tensorBytes } from '../inferMessages.ts';
import {
  BINARY,
  binary,
  type Case,
  CITY,
  FP32,
  infer,
  inputs,
  K,
  post,
  ROW,
  shared,
  text,
  withHeader,
} from './send.ts';

export const WRONG_BODIES: readonly Case[] = [
  ['no JSON', infer('{"inputs": ['), 'does not parse as JSON'],
  ['NaN in place of an input', infer('{"inputs": [NaN]}'), 'inputs: 0: Invalid input: expected object'],
  ['an empty body', infer(''), 'does not parse as JSON'],
  ['no inputs', infer({}), 'inputs: '],
  ['null', infer('null'), 'expected object'],
  ['an id that is no text', infer({ id: 7, inputs: [ROW] }), 'id: '],
  [
    'a flag that is none',
    infer({ inputs: [ROW], parameters: { binary_data_output: 1 } }),
    'binary_data_output',
  ],
  ['a negative dimension', inputs(FP32([-1, 6])), 'inputs: 0: shape: 0'],
  ['a broken dimension', inputs(FP32([1.5, 6])), 'inputs: 0: shape: 0'],
  ['data that is an object', inputs({ ...ROW, data: {} }), 'inputs: 0: data: expected an array'],
  ['an input without a name', inputs({ ...ROW, name: undefined }), 'inputs: 0: name'],
  ['another input', inputs({ ...ROW, name: 'codes' }), 'expected the inputs rows, each once; received codes'],
  ['an input twice', inputs(ROW, ROW), 'received rows, rows'],
  ['no input', inputs(), 'received none'],
  ['one input of several', infer({ inputs: [K] }, 'items.recommend'), 'expected the inputs items, k'],
  [
    'data and binary data',
    inputs({ ...ROW, parameters: { binary_data_size: 0 } }),
    'expected either data or binary_data_size, received both',
  ],
  ['no data', inputs({ ...ROW, data: undefined }), 'received neither'],
  [
    'binary data that is not there',
    inputs({ ...ROW, data: undefined, parameters: { binary_data_size: 24 } }),
    'adds up to 24 bytes after the JSON; received 0 bytes',
  ],
  [
    'binary data that belongs to nothing',
    binary(binaryRequest({ inputs: [ROW] }, [Buffer.alloc(4)])),
    'adds up to 0 bytes after the JSON; received 4 bytes',
  ],
  [
    'binary data cut short',
    binary(
      binaryRequest({ inputs: [{ ...ROW, data: undefined, parameters: { binary_data_size: 24 } }] }, [
        Buffer.alloc(20),
      ]),
    ),
    'adds up to 24 bytes after the JSON; received 20 bytes',
  ],
  [
    'binary data of another size',
    binary(binaryInputs([{ ...BINARY, data: [1, 2, 3, 4, 5] }])),
    'expected the bytes of 6 elements, received 20 bytes',
  ],
  [
    'part of a binary number',
    binary(
      binaryRequest({ inputs: [{ ...ROW, data: undefined, parameters: { binary_data_size: 23 } }] }, [
        Buffer.alloc(23),
      ]),
    ),
    'received 23 bytes',
  ],
  ['a negative size', inputs({ ...ROW, parameters: { binary_data_size: -24 } }), 'binary_data_size'],
  [
    'a header of no length',
    withHeader('abc'),
    'Inference-Header-Content-Length: expected the length of the JSON',
  ],
  ['a header of a negative length', withHeader('-1'), 'Inference-Header-Content-Length'],
  ['a header longer than the body', withHeader('100000'), 'Inference-Header-Content-Length'],
  ['a header of length 0', withHeader('0'), 'does not parse as JSON'],
  ['a header that ends within the JSON', withHeader('20'), 'does not parse as JSON'],
  [
    'text that is not UTF-8',
    text(Buffer.from([2, 0, 0, 0, 0xff, 0xfe])),
    'input "city", element [0, 0]: expected UTF-8',
  ],
  [
    'text that is longer than the body',
    text(Buffer.from([9, 0, 0, 0, 65])),
    'expected the bytes of 1 elements',
  ],
  ['text of 4 GB', text(Buffer.from([255, 255, 255, 255, 65])), 'expected the bytes of 1 elements'],
  ['text without a whole length', text(Buffer.from([1, 0])), 'expected the bytes of 1 elements'],
  [
    'more text than elements',
    text(Buffer.concat([tensorBytes(CITY), tensorBytes(CITY)])),
    'expected the bytes of 1 elements',
  ],
  [
    'another output',
    infer({ inputs: [ROW], outputs: [{ name: 'codes' }] }),
    'linear: expected outputs among code, each once; received "codes"',
  ],
  ['an output twice', infer({ inputs: [ROW], outputs: [{ name: 'code' }, { name: 'code' }] }), 'each once'],
  [
    'classification',
    infer({ inputs: [ROW], outputs: [{ name: 'code', parameters: { classification: 1 } }] }),
    'classification is not offered',
  ],
  [
    'shared memory in',
    inputs({ ...ROW, data: undefined, parameters: shared }),
    'shared memory is not offered',
  ],
  [
    'shared memory out',
    infer({ inputs: [ROW], outputs: [{ name: 'code', parameters: shared }] }),
    'shared memory is not offered',
  ],
  ['an index of no JSON', post('/repository/index', 'ready'), 'does not parse as JSON'],
  ['an index of another type', post('/repository/index', { ready: 'yes' }), 'ready: '],
];
