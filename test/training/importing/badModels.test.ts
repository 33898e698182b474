import { truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { changedEncoder, ENCODER, modelFile, understood } from '../../support/training/foreignModels.ts';
import { onnxModel } from '../../support/training/onnxModel.ts';

const GOOD = onnxModel(ENCODER);

function external(location: string, others: readonly { key: string; value: string }[] = []): Uint8Array {
  return changedEncoder((_, { initializer }) => {
    const [weight] = initializer!;
    Object.assign(weight!, { floatData: [], dataLocation: 1 });
    weight!.externalData = [{ key: 'location', value: location }, ...others];
  });
}

const BAD: Readonly<Record<string, readonly [model: Uint8Array | string, message: RegExp]>> = {
  'a text': ['this is a text\n'.repeat(40), /expected an ONNX model.*; this is text: rows go to --rows/],
  nothing: ['', /expected an ONNX model.*; found no graph with nodes and outputs/],
  'half of a file': [GOOD.slice(0, GOOD.length / 2), /it is damaged or of another kind/],
  'weights that are missing': [
    external('missing.bin'),
    /its weights are in another file, which must lie next to it: missing\.bin is not there/,
  ],
  'weights in another folder': [external('../../../etc/passwd'), /expected weights in a file next to it/],
  'weights beyond the end of their file': [
    external('model.onnx', [{ key: 'offset', value: '99999' }]),
    /expected .* bytes at 99999 of model\.onnx/,
  ],
  'an operator that does not exist': [
    onnxModel({ ...ENCODER, nodes: [['Frobnicate', ['readings', 'weight'], ['output']]] }),
    /no operator Frobnicate\(17\), which node 'output' uses; export the model with/,
  ],
  'an operator of a domain of its own': [
    changedEncoder((model, { node }) => {
      node![0]!.domain = 'my.company';
      model.opsetImport.push({ domain: 'my.company', version: 1 });
    }),
    /no operator my\.company:MatMul/,
  ],
  'a circle': [
    onnxModel({
      ...ENCODER,
      nodes: [
        ['Add', ['readings', 'b'], ['a']],
        ['Add', ['a', 'a'], ['b']],
        ['MatMul', ['b', 'weight'], ['output']],
      ],
    }),
    /refuses the graph: .*not acyclic/,
  ],
  'two values of one name': [
    onnxModel({ ...ENCODER, nodes: [ENCODER.nodes[0]!, ENCODER.nodes[0]!] }),
    /expected distinct names, found two values called 'output'/,
  ],
  'two outputs of one name': [
    changedEncoder((_, { output }) => void output!.push(output![0]!)),
    /expected distinct names, found two values called 'output'/,
  ],
  'shapes that contradict': [
    changedEncoder((_, { initializer }) => {
      initializer![0]!.dims = [2, 4];
    }),
    /refuses the graph: .*Incompatible dimensions/,
  ],
  'sizes beyond 2^64': [
    changedEncoder((_, { initializer }) => {
      initializer![0]!.dims = [2 ** 50, 2 ** 50];
    }),
    /refuses the graph/,
  ],
  'rows of 2^45 values': [
    changedEncoder((_, { input }) => {
      input![0]!.type!.tensorType!.shape!.dim![1] = { dimValue: 2 ** 45 };
    }),
    /expected up to \d+ values per row/,
  ],
  'rows of an open size': [
    changedEncoder((_, { input }) => {
      input![0]!.type!.tensorType!.shape!.dim![1] = { dimParam: 'width' };
    }),
    /expected only the batch to be open; state the other sizes with --input-shape/,
  ],
  'weights of NaN': [
    changedEncoder((_, { initializer }) => {
      initializer![0]!.floatData![3] = Number.NaN;
    }),
    /'output' is NaN for row 0, all of whose values are finite; weight 'weight' holds NaN/,
  ],
  'random numbers': [
    changedEncoder((_, { node }) => {
      node!.unshift({ name: 'noise', opType: 'RandomNormalLike', input: ['readings'], output: ['noise'] });
      node!.push({ name: 'sum', opType: 'MatMul', input: ['noise', 'weight'], output: ['output'] });
      node![1]!.output = ['unused'];
    }),
    /differs from run to run: it depends on random numbers/,
  ],
  'answers that depend on other rows': [
    onnxModel({
      ...ENCODER,
      nodes: [
        ['MatMul', ['readings', 'weight'], ['h']],
        ['ReduceMean', ['h'], ['mean'], { axes: [0], keepdims: 1 }],
        ['Sub', ['h', 'mean'], ['output']],
      ],
    }),
    /answers depend on the other rows of a batch/,
  ],
  'Dropout in training mode': [
    changedEncoder((_, { node, initializer }) => {
      initializer!.push({ name: 'training', dataType: 9, dims: [], int32Data: [1] });
      node!.unshift({
        name: 'drop',
        opType: 'Dropout',
        input: ['readings', '', 'training'],
        output: ['kept'],
      });
      node![1]!.input![0] = 'kept';
    }),
    /node 'drop' is a Dropout in training mode: call model\.eval\(\)/,
  ],
  'batch normalisation in training mode': [
    onnxModel({
      ...ENCODER,
      nodes: [
        [
          'BatchNormalization',
          ['readings', 'weight', 'weight', 'weight', 'weight'],
          ['normal', 'mean', 'variance'],
          { training_mode: 1 },
        ],
        ['MatMul', ['normal', 'weight'], ['output']],
      ],
    }),
    /node 'normal' is a BatchNormalization in training mode: call model\.eval\(\)/,
  ],
  'an old opset': [
    changedEncoder((model) => {
      model.opsetImport[0]!.version = 5;
    }),
    /has opset 5, expected 7 or newer/,
  ],
  'no input': [
    onnxModel({ ...ENCODER, inputs: {}, nodes: [['Identity', ['weight'], ['output']]] }),
    /expected a graph with inputs/,
  ],
};

it.each(Object.entries(BAD))('refuses %s', async (_, [model, message]) => {
  await expect(understood(model)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(message),
  });
});

/** The first bytes of files that are not ONNX, as their formats define them. */
const OTHERS: readonly (readonly [start: string, message: string])[] = [
  ['PK\x03\x04\x14\x00\x00\x00archive/data.pkl', 'this is a PyTorch checkpoint'],
  ['PK\x03\x04\x14\x00\x00\x00net/constants.pkl net/data.pkl', 'this is a TorchScript model'],
  ['PK\x03\x04\x14\x00\x00\x00metadata.json', 'this is a Keras model'],
  ['PK\x03\x04\x14\x00\x00\x00photos/a.jpg', 'this is a zip archive'],
  ['\x80\x04\x95\x10\x00\x00\x00\x00', 'this is a Python pickle'],
  ['\x89HDF\r\n\x1a\n', 'this is HDF5, as Keras writes it'],
  ['\x1c\x00\x00\x00TFL3', 'this is a TensorFlow Lite model'],
  ['\x18\x00\x00\x00ORTM', "this is onnxruntime's own format"],
  ['\x40\x00\x00\x00\x00\x00\x00\x00{"a":', 'this is safetensors'],
  ['a,b\n1,2\n', 'this is text'],
];

it.each(OTHERS)('tells that %j starts a file of another format', async (start, message) => {
  const model = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(start.startsWith('a,b') ? 0 : 64)]);
  await expect(understood(Uint8Array.from(model))).rejects.toThrow(message);
});

it('refuses a file that is too large before it reads it', async () => {
  const path = modelFile(GOOD);
  truncateSync(path, 2 ** 31);
  await expect(understood(GOOD, { path })).rejects.toThrow('has 2048.0 MiB, expected up to');
});

it('refuses weights in a file of their own that are too large, with the figures', async () => {
  const path = modelFile(external('weights.data'));
  const weights = join(dirname(path), 'weights.data');
  writeFileSync(weights, '');
  truncateSync(weights, 2 ** 26);
  const refused = understood(GOOD, { path });
  await expect(refused).rejects.toThrow(
    /weights\.data: has 64\.0 MiB, expected up to 48\.0 MiB: an isolate has 128 MiB/,
  );
});

it('refuses what is no file', async () => {
  await expect(understood(GOOD, { path: '/no/such/file.onnx' })).rejects.toThrow('no such file');
  await expect(understood(GOOD, { path: import.meta.dirname })).rejects.toThrow('received a folder');
});

it('takes names of any length and kind', async () => {
  const name = '../../etc/'.repeat(1000);
  const nodes = [['MatMul', [name, 'weight'], [`${name}out`]]] as const;
  const { model } = await understood(
    onnxModel({ ...ENCODER, inputs: { [name]: ['N', 4] }, outputs: { [`${name}out`]: ['N', 2] }, nodes }),
  );
  expect(model.roles).toMatchObject([{ role: 'code' }]);
});
